@critical @fixture.clock
Feature: Guessing the current password
  Whoever finds a device that is signed in could try passwords there, and take the account over.
  So after some failures the shop makes them wait.

  Background:
    Given Mia is a member
    And Max is a member

  Rule: After 5 failures within 15 minutes, changing one's own password has to wait

    Scenario: after 5 wrong current passwords the right one has to wait
      Given Mia has given a wrong current password 5 times
      When Mia tries to change the password to "a new password", giving the current password
      Then Mia is told that this is slowed down
      And Mia is told to come back in 15 minutes
      And nothing has changed

    Scenario: after 4 wrong ones the right one is welcome, and is no failure
      Given Mia has given a wrong current password 4 times
      When Mia changes the e-mail to "mia.moss@example.com", giving the current password
      And Mia changes the password to "a new password", giving the current password
      Then Mia succeeds

    Scenario: another member does not have to wait
      Given Mia has given a wrong current password 5 times
      When Max changes the password to "a new password", giving the current password
      Then Max succeeds
