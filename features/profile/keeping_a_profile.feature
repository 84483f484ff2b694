@critical
Feature: Keeping one's profile
  Members keep their own name, e-mail address and password up to date.
  Whoever finds a device that is signed in cannot take the account over by it.

  Background:
    Given Mia is a member

  Rule: Members see all of themselves

    Scenario: Mia looks at her profile
      When Mia opens the profile
      Then Mia succeeds
      And the answer is as recorded

  Rule: The name can be changed at once

    Scenario: Mia changes her name
      When Mia changes the name to "Mia Moss"
      Then Mia succeeds
      And the answer is as recorded
      And the name of Mia is "Mia Moss"

    Scenario: other members see the new name
      Given Max is a member
      When Mia changes the name to "Mia Moss"
      And Max looks at the account of Mia
      Then Max sees the name of Mia

    Scenario: whoever changes nothing changes nothing
      When Mia tries to change the name to missing
      Then Mia succeeds
      And nothing has changed

  Rule: A new e-mail or password needs the current password

    Scenario: Mia changes her e-mail
      When Mia changes the e-mail to "Mia.Moss@example.com", giving the current password
      Then Mia succeeds
      And the e-mail of Mia is "mia.moss@example.com"

    Scenario: Mia signs in by the new e-mail
      When Mia changes the e-mail to "mia.moss@example.com", giving the current password
      And Mia signs in with the e-mail "mia.moss@example.com"
      Then Mia succeeds

    Scenario: nobody signs in by the old e-mail
      When Mia changes the e-mail to "mia.moss@example.com", giving the current password
      And Mia tries to sign in
      Then Mia is told to sign in
      And nothing has changed

    Scenario: Mia signs in with the new password
      When Mia changes the password to "a new password", giving the current password
      And Mia signs in with the password "a new password"
      Then Mia succeeds

    Scenario: nobody signs in with the old password
      When Mia changes the password to "a new password", giving the current password
      And Mia tries to sign in
      Then Mia is told to sign in
      And nothing has changed

    Scenario: the e-mail that Mia has already needs no password
      Given Nina has registered
      When Nina signs in
      And Nina tries to change the e-mail to "NINA@example.com"
      Then Nina succeeds
      And nothing has changed

    Scenario Outline: the <field> does not change when <given> is given as the current password
      When Mia tries to change the <field> to <entered>, giving the password <given>
      Then Mia is told that this is invalid
      And the fault is in the current password: "<message>"
      And nothing has changed

      Examples: without it, or with another
        | field    | entered                | given              | message                                                             |
        | e-mail   | "mia.moss@example.com" | missing            | Enter your current password to change your e-mail or your password. |
        | e-mail   | "mia.moss@example.com" | "a wrong password" | This is not your current password.                                  |
        | password | "a new password"       | missing            | Enter your current password to change your e-mail or your password. |
        | password | "a new password"       | "a wrong password" | This is not your current password.                                  |
        | password | "a new password"       | "a new password"   | This is not your current password.                                  |

  Rule: A new password signs out everywhere else

    Scenario: the device in hand stays signed in, the others do not
      Given Mia has also signed in on the phone
      When Mia changes the password to "a new password", giving the current password
      Then Mia is still signed in
      And Mia on the phone has to sign in again

    Scenario: a new e-mail signs nobody out
      Given Mia has also signed in on the phone
      When Mia changes the e-mail to "mia.moss@example.com", giving the current password
      Then Mia is still signed in
      And Mia on the phone is still signed in

    Scenario: other members stay signed in
      Given Max is a member
      When Mia changes the password to "a new password", giving the current password
      Then Max is still signed in
