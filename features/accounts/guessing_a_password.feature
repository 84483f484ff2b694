@critical @fixture.clock
Feature: Guessing a password
  A password could be found by trying often enough.
  So after some failures the shop makes whoever tries wait, and nobody else.

  Background:
    Given Mia is a member
    And Max is a member

  Rule: After 5 failures within 15 minutes, signing in to an account has to wait

    Scenario: after 4 failures the right password is welcome
      Given a wrong password has been entered 4 times for Mia
      When Mia signs in
      Then Mia succeeds

    Scenario Outline: after 5 failures Nina has to wait, whatever the <field> <entered>
      Given Nina has registered
      And a wrong password has been entered 5 times for Nina
      When Nina tries to sign in with the <field> <entered>
      Then Nina is told that this is slowed down
      And Nina is told to come back in 15 minutes
      And the reason given is "Too many attempts. Try again later."
      And nothing has changed

      Examples: the right password too, and the address in other letters
        | field    | entered                  |
        | password | "a long enough password" |
        | password | "a wrong password"       |
        | e-mail   | "NINA@example.com"       |
        | e-mail   | " nina@example.com "     |

    Scenario Outline: the wait is <wait> when <time> have passed
      Given a wrong password has been entered 5 times for Mia
      When <time> pass
      And Mia tries to sign in
      Then Mia is told that this is slowed down
      And Mia is told to come back in <wait>

      @embedded
      Examples: it becomes shorter, down to a second
        | time          | wait      |
        | 10 minutes    | 5 minutes |
        | 899.5 seconds | 1 second  |

    Scenario: after the wait the right password is welcome again
      Given a wrong password has been entered 5 times for Mia
      When 15 minutes pass
      And Mia signs in
      Then Mia succeeds

    Scenario: failures of long ago do not count
      Given a wrong password has been entered 4 times for Mia
      When 15 minutes pass
      And a wrong password is entered 4 times for Mia
      And Mia signs in
      Then Mia succeeds

    Scenario: signing in often is no failure
      Given Mia has signed in 6 times
      When Mia tries to sign in with the password "a wrong password"
      Then Mia is told to sign in
      When Mia signs in
      Then Mia succeeds

    Scenario: a success between the failures does not wipe them out
      Given a wrong password has been entered 4 times for Mia
      When Mia signs in
      And Mia tries to sign in with the password "a wrong password"
      Then Mia is told to sign in
      When Mia tries to sign in
      Then Mia is told that this is slowed down

    Scenario: whoever is signed in already may go on
      Given a wrong password has been entered 5 times for Mia
      When Mia opens the profile
      Then Mia succeeds

    Scenario: another member does not have to wait
      Given a wrong password has been entered 5 times for Mia
      When Max signs in
      Then Max succeeds

    Scenario: an e-mail that nobody has is slowed down in the same way
      Given a wrong password has been entered 5 times for nobody@example.com
      When Max tries to sign in with the e-mail "nobody@example.com"
      Then Max is told that this is slowed down

  Rule: After 50 failures from one place, whoever is there has to wait

    Scenario: whoever tries one account after the other has to wait after 50 failures
      Given somebody has failed to sign in to 50 accounts, one after the other
      When Mia tries to sign in
      Then Mia is told that this is slowed down
      And Mia is told to come back in 15 minutes
      And nothing has changed

    Scenario: 49 failures for other accounts keep nobody out
      Given somebody has failed to sign in to 49 accounts, one after the other
      When Mia signs in
      Then Mia succeeds

  Rule: The time that it takes tells nobody which accounts there are

    # Time cannot be held against time on a busy machine: the work is counted that takes it.
    @embedded
    Scenario Outline: signing in as <e-mail> makes the same work
      Given Nora has an account without a password
      And Nina has registered
      When an anonymous visitor tries to sign in as <e-mail>, and the work is watched that it makes
      Then an anonymous visitor is told to sign in
      And it has made the work of checking one password

      Examples: an account, none, and one that nobody can sign in to yet
        | e-mail             |
        | nina@example.com   |
        | nobody@example.com |
        | nora@example.com   |
