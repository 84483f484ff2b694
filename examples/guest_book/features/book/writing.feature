Feature: Writing in the guest book
  A guest leaves a sentence.
  Whoever comes later reads it.

  Rule: What a guest writes is there for everybody

    Scenario: A guest writes
      When Ann writes "A fine evening."
      Then a visitor reads "ann: A fine evening."

    Scenario: An empty entry is none
      When Ann tries to write " "
      Then Ann may not write in the book
      And Ann reads "Write something."
