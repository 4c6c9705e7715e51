/// HTTP: routes, their requests and answers, limits, and the server that carries them; no part of
/// it knows a model or a session.
@NullMarked
package io.kaseb.serve.http;

import org.jspecify.annotations.NullMarked;
