/// The purchase forecast: will a session buy, and what. Start at [io.kaseb.intent.IntentModel].
@NullMarked
package io.kaseb.intent;

import org.jspecify.annotations.NullMarked;
