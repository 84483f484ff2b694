Feature: Running the shop by its commands
  The operators open the first account, and fill a shop to try it,
  at the keyboard of the machine on which the shop runs.

  Rule: The first admin is made by a command

    Scenario: the new admin signs in
      When the operators make "ada@example.com", called "Ada", an admin with the password "a long enough secret"
      Then the command says "Ada <ada@example.com> is an admin now"
      When Ada signs in as "ada@example.com" with the password "a long enough secret"
      Then Ada has the role "admin"
      And the operators have read under which id they find Ada

    Scenario: capital letters in an e-mail do not matter
      When the operators make "Ada@Example.COM", called "Ada", an admin with the password "a long enough secret"
      Then the command says "Ada <ada@example.com> is an admin now"

    Scenario Outline: an admin called <name> with the e-mail <e-mail> and the password <password> is refused
      When the operators try to make <e-mail>, called <name>, an admin with the password <password>
      Then the command says why not: "<line>"
      And nothing has changed

      Examples: what was mistyped
        | e-mail            | name       | password               | line                                                    |
        | "ada@example"     | "Ada"      | "a long enough secret" | email: Enter an e-mail address such as ann@example.com. |
        | "ada"             | "Ada"      | "a long enough secret" | email: Enter an e-mail address such as ann@example.com. |
        | "ada@example.com" | empty      | "a long enough secret" | name: This must not be blank.                           |
        | "ada@example.com" | 81 letters | "a long enough secret" | name: The name may have at most 80 characters.          |
        | "ada@example.com" | "Ada"      | "short"                | password: The password needs at least 8 characters.     |
        | "ada@example.com" | "Ada"      | "ADA@example.com"      | The password must not be the name or the e-mail.        |

    Scenario: a member is not made an admin in passing
      Given Nina has registered
      When the operators try to make "nina@example.com", called "Nina", an admin with the password "a long enough secret"
      Then the command says why not: "nina@example.com has an account already; nothing was changed."
      And nothing has changed

    Scenario: a password that is mistyped is asked for again
      When the operators try to make "ada@example.com" an admin, and type the password "a long enough secret" and then "a long enough sectet"
      Then the command asks for the password again: "The two entered values do not match."
      And nothing has changed

  Rule: A command explains how it is used

    Scenario: what commands there are
      When the operators ask what commands there are
      Then they are told of "create-admin, db, load-demo"
      And db finds the changes of the shop's memory

    Scenario: how an admin is made
      When the operators ask how create-admin is used
      Then the command explains itself as recorded
      And nothing has changed

  Rule: Demo data fill an empty shop, once

    Scenario: a shop to try
      When the operators load the demo data with the password "a long enough secret"
      Then the command says "ada@example.com (admin) signs in with a long enough secret"
      When Ada signs in as "ada@example.com" with the password "a long enough secret"
      Then there are 4 people, 8 products, 6 posts and 5 orders
      And nobody is told anything by e-mail

    Scenario: loaded a second time, nothing comes twice
      Given the demo data are loaded with the password "a long enough secret"
      When the operators load the demo data with the password "another long secret"
      Then the command says "ada@example.com is here already, with the password from before."
      And nothing has changed
