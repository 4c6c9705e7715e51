package io.kaseb.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VisitorSessionsTest {
  private static VisitorSessions look(VisitorSessions of, long session, String item, long time) {
    return of.plus(session, Event.view(item, null, time));
  }

  @Test
  void onlySessionsThatEndedBeforeCount() {
    VisitorSessions told = look(VisitorSessions.NONE, 1, "a", 10);
    told = look(told, 2, "b", 20);
    assertThat(told.before(1)).isEqualTo(new Visitor(0, 0, -1, Set.of(), Set.of()));
    assertThat(told.before(2)).isEqualTo(new Visitor(1, 0, 10, Set.of("a"), Set.of()));
    assertThat(told.before(3)).isNull();
    // The first goes on beside the second: neither is earlier.
    told = look(told, 1, "c", 25);
    assertThat(told.before(2)).isEqualTo(new Visitor(0, 0, -1, Set.of(), Set.of()));
    told = told.plus(1, Event.of("purchase", "a", 20));
    told = look(told, 3, "d", 26);
    assertThat(told.before(3)).isEqualTo(new Visitor(2, 1, 25, Set.of("b", "c"), Set.of("a")));
    // One that ended at the very time of the other's begin did not end before it.
    assertThat(look(told, 4, "e", 26).before(4).sessions()).isEqualTo(2);
    assertThat(told.without(2).before(3).sessions()).isEqualTo(1);
    assertThat(told.without(9)).isSameAs(told);
    assertThat(told.all()).isEqualTo(new Visitor(3, 1, 26, Set.of("b", "c", "d"), Set.of("a")));
    VisitorSessions last = told;
    assertThatThrownBy(() -> look(last, 5, "x", -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPurchaseStaysOneAndSearchesHaveNoItem() {
    VisitorSessions told = VisitorSessions.NONE.plus(1, Event.of("purchase", "a", 1));
    told = look(told, 1, "a", 2).plus(1, Event.of("search", null, 3));
    told = look(told, 2, "a", 9);
    told = look(told, 3, "b", 19);
    assertThat(told.before(3)).isEqualTo(new Visitor(2, 1, 9, Set.of(), Set.of("a")));
  }

  @Test
  void manySessionsAreTakenTogetherAndNeverCountTooEarly() {
    VisitorSessions told = look(VisitorSessions.NONE, 99, "open", 5);
    int n = 30;
    for (int s = 0; s < n; s++) {
      told = look(told, s, "i" + s, 10 + s);
      told = look(told, 99, "open", 11 + s);
    }
    assertThat(told.visits()).hasSize(VisitorSessions.MOST_SESSIONS);
    assertThat(told.older()).isNotNull();
    // The long session began before all others ended: nothing is earlier than it.
    assertThat(told.before(99)).isEqualTo(new Visitor(0, 0, -1, Set.of(), Set.of()));
    told = look(told, 100, "new", 1000);
    Visitor all = told.before(100);
    assertThat(all.sessions()).isEqualTo(n + 1);
    assertThat(all.seen()).hasSize(n + 1);
  }

  @Test
  void itemsAreBounded() {
    VisitorSessions told = VisitorSessions.NONE;
    for (int s = 0; s < 12; s++) {
      for (int i = 0; i < 30; i++) {
        told = look(told, s, s + "-" + i, 1000L * s + i);
      }
    }
    told = look(told, 12, "x", 1_000_000);
    assertThat(told.before(12).seen()).hasSize(Visitor.MOST_ITEMS).contains("11-29", "9-0");
    assertThat(told.before(12).seen()).doesNotContain("8-19");
    List<VisitorSessions.Visit> visits = told.visits();
    assertThat(visits).allMatch(v -> v.items().size() <= Visitor.MOST_ITEMS);
  }
}
