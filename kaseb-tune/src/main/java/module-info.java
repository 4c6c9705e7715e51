/// Tuning of any Java function: a space of parameters, samplers that propose, pruners that stop
/// early, and the study that runs them. Needs the JDK alone.
@SuppressWarnings("module") // io.kaseb.core is built after this module.
module io.kaseb.tune {
  requires static org.jspecify;

  exports io.kaseb.tune.space;
  exports io.kaseb.tune.trial;
  exports io.kaseb.tune.pruner;
  exports io.kaseb.tune.sampler;
  exports io.kaseb.tune.study;
  exports io.kaseb.tune.math to
      io.kaseb.core;
}
