package io.kaseb.baseline;

import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Gru4Rec;
import io.kaseb.model.ModelFile;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An ensemble of seeds (`ensemble`): networks of one shape, trained on the same data with
/// different seeds, scoring together by the mean of their raw scores. For cross-entropy that is the
/// geometric mean of their softmaxes (Hinton, "Products of experts", 1999). Costs as many times one
/// network's training, memory and scoring as it has networks.
public final class Ensemble implements NextItemModel {
  /// The kind's name.
  public static final String KIND = "ensemble";

  /// What the names of the tensors of network n, from 1, begin with; network 0's are plain.
  private static final String PREFIX = "net.";

  private final List<Gru4Rec> networks;
  private final int hidden;

  private Ensemble(List<Gru4Rec> networks) {
    this.networks = List.copyOf(networks);
    this.hidden = networks.getFirst().newSession().hidden().length;
  }

  /// Creates an ensemble of networks of one shape with one catalogue.
  public static Ensemble of(List<Gru4Rec> networks) {
    return new Ensemble(networks);
  }

  /// Puts several networks' tensors into one file's: the first under its own names.
  public static Map<String, Tensor> tensors(List<Map<String, Tensor>> networks) {
    Map<String, Tensor> all = new LinkedHashMap<>(networks.getFirst());
    for (int n = 1; n < networks.size(); n++) {
      String prefix = PREFIX + n + ".";
      networks.get(n).forEach((name, tensor) -> all.put(prefix + name, tensor));
    }
    return all;
  }

  /// Puts an ensemble together again.
  static Ensemble read(ModelFile file) {
    Architecture shape = file.shape();
    List<Gru4Rec> networks = new ArrayList<>(List.of(file.model()));
    while (file.tensors().containsKey(PREFIX + networks.size() + ".Wy.weight")) {
      String prefix = PREFIX + networks.size() + ".";
      Map<String, Tensor> own = new LinkedHashMap<>();
      file.tensors()
          .forEach(
              (name, tensor) -> {
                if (name.startsWith(prefix)) {
                  own.put(name.substring(prefix.length()), tensor);
                }
              });
      networks.add(Gru4Rec.of(shape, file.catalogue(), own));
    }
    return new Ensemble(networks);
  }

  /// Returns the number of networks.
  public int size() {
    return networks.size();
  }

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public Catalogue catalogue() {
    return networks.getFirst().catalogue();
  }

  @Override
  public SessionState newSession() {
    return new SessionState(hidden * networks.size(), 1);
  }

  @Override
  public void click(SessionState state, int item) {
    state.add(item);
    for (int n = 0; n < networks.size(); n++) {
      SessionState own = part(state, n);
      networks.get(n).click(own, item);
      System.arraycopy(own.hidden(), 0, state.hidden(), n * hidden, hidden);
    }
  }

  private SessionState part(SessionState state, int n) {
    SessionState own = new SessionState(hidden, 1);
    System.arraycopy(state.hidden(), n * hidden, own.hidden(), 0, hidden);
    return own;
  }

  @Override
  public float[] popularity() {
    return networks.getFirst().popularity();
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    int items = catalogue().size();
    float[][] one = new float[n][items];
    SessionState[] own = new SessionState[n];
    for (int net = 0; net < networks.size(); net++) {
      for (int i = 0; i < n; i++) {
        own[i] = part(states[i], net);
      }
      networks.get(net).scores(own, n, net == 0 ? out : one);
      for (int i = 0; net > 0 && i < n; i++) {
        Kernels.BEST.add(items, out[i], 0, one[i], 0);
      }
    }
    float share = 1f / networks.size();
    for (int i = 0; i < n; i++) {
      for (int item = 0; item < items; item++) {
        out[i][item] *= share;
      }
    }
  }
}
