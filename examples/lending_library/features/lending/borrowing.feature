Feature: Borrowing a book
  A member takes a book home for a month.
  Whoever comes later sees that it is not there.

  Background:
    Given the library has "Moby-Dick"

  Rule: A book goes to one reader at a time

    Scenario: A member borrows a book
      When Ann borrows "Moby-Dick"
      And the background work is done
      Then Ann gets it
      And Ann is told by e-mail "Enjoy “Moby-Dick”"

    Scenario: Somebody else has it
      Given Ben has borrowed "Moby-Dick"
      When Ann tries to borrow "Moby-Dick"
      Then Ann is told that it is in conflict

  Rule: Everybody sees what is there

    Scenario: One book is there, and one is not
      Given the library has "Emma"
      And Ben has borrowed "Emma"
      When Ann looks around
      Then the answer is as recorded
