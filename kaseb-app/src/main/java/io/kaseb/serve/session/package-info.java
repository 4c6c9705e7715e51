/// What is remembered of sessions, and where: in this process, in a file, in Redis.
@NullMarked
package io.kaseb.serve.session;

import org.jspecify.annotations.NullMarked;
