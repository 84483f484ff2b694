@critical
Feature: Signing in
  A member signs in by e-mail and password, and acts from then on as themselves.
  It lasts a day, or until they sign out.

  Background:
    Given Mia is a member who has not signed in

  Rule: The right e-mail and password open the shop

    Scenario: a member signs in
      When Mia signs in
      Then Mia succeeds
      And the answer is as recorded
      And Mia is signed in

    Scenario Outline: Nina signs in with the e-mail <e-mail>
      Given Nina has registered
      When Nina signs in with the e-mail <e-mail>
      Then Nina succeeds
      And Nina is signed in

      Examples: the same address, written in another way
        | e-mail               |
        | "nina@example.com"   |
        | "Nina@Example.COM"   |
        | " nina@example.com " |

    Scenario Outline: Nina, who has registered with <e-mail>, signs in with it
      Given Nina has registered with the e-mail <e-mail>
      When Nina signs in with the e-mail <e-mail>
      Then Nina succeeds
      And Nina is signed in

      Examples: letters that the network writes in another way
        | e-mail                    |
        | "nina@bücher.example.com" |
        | "nina@ｅxample.com"        |

  @fixture.clock
  Rule: Whoever has signed in stays so for a day

    Scenario: a member can act until the day is over
      When Mia signs in
      And 23 hours pass
      Then Mia is still signed in

    Scenario: a member has to sign in again after a day
      When Mia signs in
      And 24 hours pass
      Then Mia has to sign in again

    Scenario: a member who acts does not stay signed in for longer
      When Mia signs in
      And 23 hours pass
      Then Mia is still signed in
      When 1 hour passes
      Then Mia has to sign in again

    Scenario: what has run out is forgotten at the next sign-in
      Given Mia has also signed in on the phone
      When 24 hours pass
      And Mia signs in
      Then the shop knows of one sign-in of Mia

    Scenario: what has not run out stays
      Given Mia has also signed in on the phone
      When 23 hours pass
      And Mia signs in
      Then Mia on the phone is still signed in

  Rule: Signing out ends it, on one device

    Scenario: a member signs out
      When Mia signs in
      And Mia signs out
      Then Mia succeeds
      And Mia has to sign in again

    Scenario: somebody who has signed out cannot sign out again
      When Mia signs in
      And Mia signs out
      And Mia tries to sign out
      Then Mia is told to sign in
      And the answer is as recorded
      And nothing has changed

    Scenario: signing in on one device leaves the other signed in
      Given Mia has also signed in on the phone
      When Mia signs in
      Then Mia is signed in
      And Mia on the phone is still signed in

    Scenario: signing out on one device leaves the other signed in
      Given Mia has also signed in on the phone
      When Mia signs in
      And Mia on the phone signs out
      Then Mia on the phone has to sign in again
      And Mia is still signed in

  Rule: A password is kept in the way that is safest today

    Scenario: a password that was kept in an old way is kept in the new way from the next sign-in on
      Given the password of Mia is kept in an old way
      When Mia signs in
      Then the password of Mia is kept in a new way
      And Mia is signed in

    Scenario: Mia signs in again with the password that is kept in a new way
      Given the password of Mia is kept in an old way
      And Mia has also signed in on the phone
      When Mia signs in
      Then Mia succeeds
