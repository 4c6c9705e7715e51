package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.store.Experiment;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.trial.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A damaged experiment hides no other, and can be deleted.
class DamagedExperimentsTest {
  @TempDir private Path folder;

  private Path experiment(String name) throws IOException {
    Path made = folder.resolve(name);
    Experiment.create(made, Settings.of(Space.of(Map.of("x", Range.of(0, 1))), Goal.minimize("f")))
        .close();
    return made;
  }

  @Test
  void othersAreListedAndTheDamagedNamed() throws IOException {
    Path good = experiment("good");
    Path damaged = Files.createDirectories(folder.resolve("bad")).resolve("experiment.db");
    Files.writeString(damaged, "SQLite");
    Experiments.Listing listing = Experiments.listing(folder);
    assertThat(listing.rows()).extracting(Experiments.Row::folder).containsExactly(good.toString());
    assertThat(listing.damaged()).singleElement().asString().startsWith(damaged.toString());
  }

  @Test
  void damagedOnesAreDeletedAndNothingElse() throws IOException {
    Path damaged = Files.createDirectories(folder.resolve("bad"));
    Files.writeString(damaged.resolve("experiment.db"), "SQLite");
    assertThatThrownBy(() -> Experiments.remove(damaged)).isInstanceOf(KasebException.class);
    Files.writeString(damaged.resolve("plan.json"), "{");
    Path own = Files.writeString(damaged.resolve("notes.txt"), "mine");
    assertThat(Experiments.remove(damaged)).containsExactly(own);
    Path planless = experiment("planless");
    assertThat(Experiments.remove(planless)).isEmpty();
    assertThat(planless).doesNotExist();
  }
}
