@critical
Feature: Signing in, what is refused
  Whoever does not know the password is not let in,
  and learns nothing about who has an account.
  What pages refuse too is in pages/joining_through_both_doors.feature.

  Background:
    Given Mia is a member

  Rule: Only the right password opens an account

    Scenario Outline: Mia is not let in with the password <password>
      When Mia tries to sign in with the password <password>
      Then Mia is told to sign in
      And the reason given is "The e-mail or the password is wrong."
      And nothing has changed

      Examples: almost right
        | password                  |
        | "a long enough password " |
        | "a long enough\password"  |
        | "%"                       |

    Scenario Outline: the <field> <entered> is no way to sign in
      When Mia tries to sign in with the <field> <entered>
      Then Mia is told that this is invalid
      And the fault is in the <field>: "<message>"
      And nothing has changed

      Examples: what is no e-mail, or no password
        | field    | entered          | message                                       |
        | e-mail   | missing          | The e-mail is missing.                        |
        | e-mail   | empty            | This must not be blank.                       |
        | e-mail   | 255 letters      | The e-mail may have at most 254 characters.   |
        | e-mail   | two lines        | Enter one line, without control characters.   |
        | e-mail   | a list           | The e-mail must be text.                      |
        | e-mail   | half a character | This text cannot be stored.                   |
        | password | missing          | The password is missing.                      |
        | password | empty            | This must not be blank.                       |
        | password | half a character | This text cannot be stored.                   |
        | password | 129 letters      | The password may have at most 128 characters. |
        | password | a zero byte      | Control characters are not allowed.           |
        | password | 12345678         | The password must be text.                    |
        | nickname | "Mia"            | There is no such field.                       |

    Scenario: a password of endless length is not even read
      When Mia tries to sign in with the password 300000 letters
      Then Mia is told that this is too large
      And nothing has changed

  Rule: A refusal does not tell who has an account

    Scenario: a wrong password and an unknown e-mail are told the same
      When Mia tries to sign in with the password "a wrong password"
      Then Mia is told to sign in
      When Mia tries to sign in with the e-mail "nobody@example.com"
      Then Mia is told to sign in
      And both are told the same
      And the answer is as recorded

    Scenario: an account without a password is told the same as one that is not there
      Given Ada is an admin
      And Ada has opened an account for Nina
      When Nina tries to sign in
      Then Nina is told to sign in
      When Nina tries to sign in with the e-mail "nobody@example.com"
      Then Nina is told to sign in
      And both are told the same

    Scenario: a wrong password for a suspended account is told the same as an unknown e-mail
      Given Sam is a suspended member
      When Sam tries to sign in with the password "a wrong password"
      Then Sam is told to sign in
      When Sam tries to sign in with the e-mail "nobody@example.com"
      Then Sam is told to sign in
      And both are told the same
