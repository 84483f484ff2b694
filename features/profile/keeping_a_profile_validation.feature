Feature: Keeping one's profile, what is refused
  What a visitor could not register with, a member cannot become.
  Nobody gives themselves what only an admin may give.

  Background:
    Given Mia is a member

  Rule: A profile changes to what an account may be, or not at all

    Scenario Outline: the <field> does not change to <entered>
      When Mia tries to change the <field> to <entered>, giving the current password
      Then Mia is told that this is invalid
      And the fault is in the <field>: "<message>"
      And nothing has changed

      Examples: what no account may have
        | field    | entered               | message                                            |
        | name     | empty                 | This must not be blank.                            |
        | name     | only spaces           | This must not be blank.                            |
        | name     | 81 letters            | The name may have at most 80 characters.           |
        | name     | two lines             | Enter one line, without control characters.        |
        | name     | null                  | The name must be text.                             |
        | e-mail   | "not-an-email"        | Enter an e-mail address such as ann@example.com.   |
        | e-mail   | null                  | The e-mail must be text.                           |
        | password | 7 letters             | The password needs at least 8 characters.          |
        | password | 129 letters           | The password may have at most 128 characters.      |
        | password | "member1@example.com" | The password must not be your name or your e-mail. |
        | password | null                  | The password must be text.                         |

      Examples: what is not Mia's to give
        | field          | entered                | message                 |
        | role           | "admin"                | There is no such field. |
        | standing       | active                 | There is no such field. |
        | number         | 1                      | There is no such field. |
        | picture        | "/somebody.png"        | There is no such field. |
        | day of joining | "2020-01-01T00:00:00Z" | There is no such field. |

    Scenario Outline: whoever is called Mia Miller cannot take the password <entered>
      When Mia changes the name to "Mia Miller"
      And Mia tries to change the password to <entered>, giving the current password
      Then Mia is told that this is invalid
      And the fault is in the password: "The password must not be your name or your e-mail."
      And nothing has changed

      Examples: the name, in whatever letters
        | entered      |
        | "Mia Miller" |
        | "MIA miller" |

    Scenario: a member cannot become an admin
      When Mia tries to change the role to "admin"
      Then Mia is told that this is invalid
      And the role of Mia is "user"

  Rule: An e-mail address has one account, whatever its case

    Scenario Outline: Mia cannot take the e-mail <entered>
      Given Nina has registered
      When Mia tries to change the e-mail to <entered>, giving the current password
      Then Mia is told that this is in conflict
      And the fault is in the e-mail: "An account with this e-mail exists already."
      And nothing has changed

      Examples: Nina's
        | entered            |
        | "nina@example.com" |
        | "NINA@example.com" |
