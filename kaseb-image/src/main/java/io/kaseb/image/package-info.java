/// The container image of the command: layers on a base of Debian packages, written as an OCI
/// archive.
@NullMarked
package io.kaseb.image;

import org.jspecify.annotations.NullMarked;
