package io.kaseb.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A study's file that another program changed is refused with one error, which names the file, the
/// row and the column.
class EditedStudyTest {
  @TempDir private Path folder;

  private Path edited(String sql) throws Exception {
    Path file = folder.resolve("experiment.db");
    Files.copy(Path.of("src/test/resources/formats/v1/experiment.db"), file);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
    return file;
  }

  private static void readAll(Path file) throws Exception {
    try (SqliteStore store = SqliteStore.open(file)) {
      store.settings();
      store.status();
      store.trials();
      store.requests();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "delete from trials where id=1 | trials row 2, id: 2; must be 1,",
        "delete from trials where id=5 | trial 5, step 1, trial: 5; must be the id of a trial",
        "update trials set id=-1 where id=0 | trials row -1, id: -1; must be a whole number",
        "update trials set state='BOGUS' where id=3 | trials row 3, state: BOGUS; must be one of",
        "update trials set state=7 where id=3 | trials row 3, state: ",
        "update trials set state='SUCCEEDED', outcome=null where id=2 | trials row 2, outcome: ",
        "update trials set source='moon' | trials row 0, source: moon; must be one of",
        "update trials set parent=3 where id=2 | trials row 2, parent: 3; must be -1 or",
        "update trials set parent='x' | trials row 0, parent: x; must be a whole number",
        "update trials set bracket=-9 | trials row 0, bracket: -9; must be a whole number",
        "update trials set parameters='[' | trials row 0, parameters: no JSON: ends before",
        "update trials set parameters='[]' | trials row 0, parameters: []; must be an object",
        "update trials set parameters='{}' | trials row 0, parameters: {}; must be an object",
        "update trials set parameters='{\"a\":null}' | trials row 0, parameters: a: null; must be",
        "update trials set parameters=x'00ff' | trials row 0, parameters: ",
        "update trials set jobs='[[0,0]]' | trials row 0, jobs: [0]: [0,0]; must be a list of 4",
        "update trials set jobs='[[0,0,0,\"a\"]]' | trials row 0, jobs: [0][3]: \"a\"; must be",
        "update trials set jobs='[[9999999999,0,0,1]]' | trials row 0, jobs: [0][0]: 9999999999",
        "update trials set jobs='[[0,0,5,1]]' | trials row 0, jobs: segment from step 5 until 1",
        "update trials set jobs='[[0,0,0,1]]' | trials row 1, jobs: [0][0]: 0; must be a number",
        "update trials set outcome='7' where id=0 | trials row 0, outcome: 7; must be an object",
        "update trials set outcome='{\"values\":[],\"constraints\":[]}' | trials row 0, outcome: values: []; must be 2 finite",
        "update trials set outcome='{\"values\":[1,\"NaN\"],\"constraints\":[]}' | must be 2 finite",
        "update trials set outcome='{\"values\":[1,2]}' | constraints: nothing; must be a value",
        "update trials set seconds='long' | trials row 0, seconds: long; must be a number",
        "update trials set reason=x'ff' | trials row 0, reason: ",
        "update reports set goals='x' | reports row of trial 0, step 1, goals: no JSON",
        "update reports set goals='[1,2,3]' | reports row of trial 0, step 1, goals: [1,2,3]; must",
        "update reports set goals='[\"a\",2]' | goals: [0]: \"a\"; must be a number",
        "update reports set step=-4 where step=1 and trial=0 | step -4, step: -4; must be",
        "update reports set trial='first' where step=1 and trial=0 | trial: first; must be",
        "update study set value='null' where key='standing' | study row standing, value: null; must",
        "update study set value='{}' where key='standing' | seconds: nothing; must be a value",
        "update study set value='{\"status\":\"X\",\"reason\":\"\",\"seconds\":1}' where key='standing' | X; must be one of",
        "update study set value='{\"status\":\"DONE\",\"reason\":\"\",\"seconds\":\"NaN\"}' where key='standing' | seconds: \"NaN\"; must",
        "update study set value='garbage' where key='settings' | study row settings, value: no JSON",
        "update study set value='[]' where key='settings' | study row settings, value: []; must be",
        "update study set value=replace(value, '\"lag\":', '\"lag\":-1') where key='settings' | study row settings, value: ",
        "update study set value=replace(value, '\"goals\":[', '\"goals\":[1,') where key='settings' | goals[0]: 1; must be an object",
        "update study set value=replace(value, '\"space\":', '\"space\":[],\"was\":') where key='settings' | study row settings, value: ",
        "insert into requests(request) values('garbage') | requests row 2, request: no JSON",
        "insert into requests(request) values('{\"do\":\"fly\"}') | do: \"fly\"; must be stop, pause",
        "insert into requests(request) values('{\"do\":\"kill\",\"trial\":-1}') | trial: -1; must be",
        "insert into requests(request) values('{\"do\":\"enqueue\"}') | parameters: nothing; must be",
        "insert into requests(request) values('{\"do\":\"change\",\"seconds\":[]}') | seconds: []; must",
        "drop table reports | lacks a table or a column",
        "alter table trials drop column reason | lacks a table or a column",
      })
  void oneClearError(String sql, String said) throws Exception {
    Path file = edited(sql);
    assertThatThrownBy(() -> readAll(file))
        .isInstanceOf(KasebException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(said);
  }
}
