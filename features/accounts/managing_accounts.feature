@critical
Feature: Managing accounts
  An admin opens accounts for others, changes and suspends them.
  Whoever is suspended cannot act, but nothing of theirs is lost.

  Background:
    Given Ada is an admin
    And Mia is a member

  Rule: An admin opens accounts for others, who are welcomed

    Scenario: an admin opens an account
      When Ada opens an account for Nina
      Then Ada succeeds
      And the answer is as recorded
      And the welcome is queued for Nina

    Scenario: the new member is welcomed
      When Ada opens an account for Nina
      And the background work is done
      Then Nina is told by e-mail "Welcome!"

    Scenario: the new member signs in with the password that the admin has chosen
      When Ada opens an account for Nina with the password "chosen by Ada"
      And Nina signs in with the password "chosen by Ada"
      Then Nina succeeds
      And the welcome is queued for Nina

    Scenario: nobody signs in to an account without a password
      Given Ada has opened an account for Nina
      When Nina tries to sign in
      Then Nina is told to sign in
      And nothing has changed

    Scenario: the password can be chosen later
      Given Ada has opened an account for Nina
      When Ada sets the password of Nina to "chosen by Ada"
      And Nina signs in with the password "chosen by Ada"
      Then Nina succeeds

    Scenario Outline: an admin opens an account with the role <role>
      When Ada opens an account for Nina with the role <role>
      Then Ada succeeds
      And the role of Nina is <role>
      And the welcome is queued for Nina

      Examples: all the roles that there are
        | role    |
        | "user"  |
        | "admin" |

  Rule: An admin changes what an account says

    Scenario Outline: an admin sets the <field> of a member to <entered>
      When Ada sets the <field> of Mia to <entered>
      Then Ada succeeds
      And the <field> of Mia is <stored>

      Examples: everything that can be changed
        | field    | entered           | stored            |
        | name     | "Mia Moss"        | "Mia Moss"        |
        | e-mail   | "Mia@Example.com" | "mia@example.com" |
        | role     | "admin"           | "admin"           |
        | standing | suspended         | suspended         |

    Scenario: the answer shows the changed account
      When Ada sets the name of Mia to "Mia Moss"
      Then Ada succeeds
      And the answer is as recorded

    Scenario: a new password signs a member out everywhere
      Given Mia has also signed in on the phone
      When Ada sets the password of Mia to "chosen by Ada"
      Then Mia has to sign in again
      And Mia on the phone has to sign in again

    Scenario: only the new password opens the account
      When Ada sets the password of Mia to "chosen by Ada"
      And Mia tries to sign in
      Then Mia is told to sign in
      When Mia signs in with the password "chosen by Ada"
      Then Mia succeeds

  Rule: A suspended member cannot act until an admin lifts the suspension

    Scenario: a suspended member cannot act by an old token
      When Ada sets the standing of Mia to suspended
      Then Mia cannot act any more, because this is forbidden
      And the reason given is "This account is suspended."

    Scenario: a suspended member cannot sign in
      When Ada sets the standing of Mia to suspended
      And Mia tries to sign in
      Then Mia is told that this is forbidden
      And nothing has changed

    Scenario: a member whose suspension is lifted is back
      When Ada sets the standing of Mia to suspended
      And Ada sets the standing of Mia to active
      Then Mia is still signed in
