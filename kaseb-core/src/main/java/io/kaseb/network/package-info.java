/// A network's training step: layers, losses, optimisers, and the team of threads that runs it.
@NullMarked
package io.kaseb.network;

import org.jspecify.annotations.NullMarked;
