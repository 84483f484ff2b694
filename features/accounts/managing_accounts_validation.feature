Feature: Managing accounts, what is refused
  An admin's slip must not spoil an account,
  nor leave the shop without anybody to manage it.

  Background:
    Given Ada is an admin
    And Mia is a member

  Rule: What a visitor cannot register with, an admin cannot open an account with

    Scenario Outline: no account is opened with the <field> <entered>
      When Ada tries to open an account for Nina with the <field> <entered>
      Then Ada is told that this is invalid
      And the fault is in the <field>: "<message>"
      And nothing has changed

      Examples: one a field
        | field    | entered        | message                                          |
        | name     | missing        | The name is missing.                             |
        | e-mail   | "not-an-email" | Enter an e-mail address such as ann@example.com. |
        | password | 7 letters      | The password needs at least 8 characters.        |
        | password | null           | The password must be text.                       |
        | role     | "owner"        | The role must be admin or user.                  |
        | standing | suspended      | There is no such field.                          |
        | number   | 1              | There is no such field.                          |

  Rule: An account changes to what an account may be, or not at all

    Scenario Outline: the <field> of a member does not change to <entered>
      When Ada tries to set the <field> of Mia to <entered>
      Then Ada is told that this is invalid
      And the fault is in the <field>: "<message>"
      And nothing has changed

      Examples: one a field
        | field          | entered                | message                                            |
        | name           | only spaces            | This must not be blank.                            |
        | name           | null                   | The name must be text.                             |
        | e-mail         | "not-an-email"         | Enter an e-mail address such as ann@example.com.   |
        | password       | 7 letters              | The password needs at least 8 characters.          |
        | password       | "Mia"                  | The password needs at least 8 characters.          |
        | password       | "member2@example.com"  | The password must not be your name or your e-mail. |
        | role           | "owner"                | The role must be admin or user.                    |
        | role           | null                   | The role must be admin or user.                    |
        | standing       | "suspended"            | This must be true or false.                        |
        | standing       | null                   | This must be true or false.                        |
        | number         | 1                      | There is no such field.                            |
        | day of joining | "2020-01-01T00:00:00Z" | There is no such field.                            |

    Scenario: an e-mail that somebody else has is refused
      Given Nina has registered
      When Ada tries to set the e-mail of Mia to "NINA@example.com"
      Then Ada is told that this is in conflict
      And the fault is in the e-mail: "An account with this e-mail exists already."
      And nothing has changed

    Scenario: no second account is opened for an e-mail
      Given Nina has registered
      When Ada tries to open an account for Nina with the e-mail "NINA@example.com"
      Then Ada is told that this is in conflict
      And the fault is in the e-mail: "An account with this e-mail exists already."
      And nothing has changed

  Rule: Nobody can do anything with an account that was never there

    Scenario Outline: an admin cannot <action> an account that was never there
      When Ada tries to <action> an account that was never there
      Then Ada is told that this does not exist
      And the reason given is "There is no such user."
      And nothing has changed

      Examples: whatever is tried
        | action |
        | see    |
        | change |
        | delete |

  Rule: There is always an admin who can act

    Scenario Outline: the last admin cannot <measure> themselves
      When Ada tries to <measure> Ada
      Then Ada is told that this is in conflict
      And the reason given is "The shop needs an admin: make somebody else one first."
      And nothing has changed

      Examples: what would leave the shop without one
        | measure |
        | delete  |
        | suspend |
        | demote  |

    Scenario Outline: an admin beside a suspended one cannot <measure> themselves
      Given Sam is an admin
      When Ada sets the standing of Sam to suspended
      And Ada tries to <measure> Ada
      Then Ada is told that this is in conflict
      And nothing has changed

      Examples: what would leave the shop without one
        | measure |
        | delete  |
        | suspend |
        | demote  |

    Scenario Outline: one of two admins can <measure> themselves
      Given Sam is an admin
      When Ada tries to <measure> Ada
      Then Ada succeeds
      And the role of Sam is "admin"

      Examples: while the other stays
        | measure |
        | delete  |
        | suspend |
        | demote  |
