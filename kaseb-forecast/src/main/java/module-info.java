/// Loads any model file and forecasts. A program calls `io.kaseb.forecast`. Of the other exported
/// packages it needs `KasebException`, `Catalogue`, `ItemMask` and `TopItems`, and only these stay
/// compatible.
@SuppressWarnings("module") // io.kaseb.core is built after this module.
module io.kaseb.forecast {
  requires static org.jspecify;
  requires org.slf4j;
  requires transitive tools.jackson.databind;
  // Without it forecasts run on the scalar kernels.
  requires static jdk.incubator.vector;

  exports io.kaseb.base;
  exports io.kaseb.config;
  exports io.kaseb.event;
  exports io.kaseb.feature;
  exports io.kaseb.forecast;
  exports io.kaseb.intent;
  exports io.kaseb.model;
  exports io.kaseb.newitem;
  exports io.kaseb.signal;
  exports io.kaseb.baseline to
      io.kaseb.core;
  exports io.kaseb.kernel to
      io.kaseb.core;

  // Records that Jackson reads and writes.
  opens io.kaseb.baseline to
      tools.jackson.databind;
  opens io.kaseb.config to
      tools.jackson.databind;
  opens io.kaseb.intent to
      tools.jackson.databind;
  opens io.kaseb.model to
      tools.jackson.databind;
}
