@critical
Feature: Registering
  A visitor becomes a member with a name, an e-mail address and a password.
  The shop welcomes every new member by e-mail.

  Rule: Whoever registers has an account

    Scenario: a visitor registers
      When an anonymous visitor registers as Nina
      Then an anonymous visitor succeeds
      And the answer is as recorded
      And there is one account with the e-mail "nina@example.com"
      And the welcome is queued for Nina

    Scenario: the new member can sign in
      Given Nina has registered
      When Nina signs in
      Then Nina succeeds
      And Nina is signed in

    Scenario: the new member is a user, and no admin
      Given Nina has registered
      When Nina signs in
      Then the role of Nina is "user"
      And the standing of Nina is active

  Rule: Every new member is welcomed by e-mail, once

    Scenario: the welcome waits until the background work is done
      When an anonymous visitor registers as Nina
      Then the welcome is queued for Nina
      And nobody is told anything by e-mail

    Scenario: the welcome arrives
      When an anonymous visitor registers as Nina
      And the background work is done
      Then Nina is told by e-mail "Welcome!"
      And the whole e-mail says
        """
        Hello Nina,

        your account at the Corner Shop is open. You are welcome to look around, order and write.

        Corner Shop
        """

    Scenario: a welcome that is delivered twice arrives once
      When an anonymous visitor registers as Nina
      Then the welcome is queued for Nina
      When the welcome is delivered a second time
      And the background work is done
      Then Nina is told by e-mail "Welcome!"

  Rule: Nobody opens accounts by the hundred

    Scenario: after 30 accounts within an hour from one place, whoever registers there has to wait
      Given 30 people have registered from one place
      When an anonymous visitor tries to register as Nina
      Then an anonymous visitor is told that this is slowed down
      And nothing has changed

    Scenario: whoever is refused for what they entered is not counted
      Given 29 people have registered from one place
      When an anonymous visitor tries to register with the name empty
      Then an anonymous visitor is told that this is invalid
      When an anonymous visitor registers as Nina
      And the background work is done
      Then Nina is told by e-mail "Welcome!"

  Rule: Names, addresses and passwords are taken as people write them

    Scenario Outline: somebody registers with the <field> <entered>
      When an anonymous visitor registers as Nina with the <field> <entered>
      Then an anonymous visitor succeeds
      And the <field> of Nina is <stored>
      And the welcome is queued for Nina

      Examples: names
        | field | entered                   | stored                    |
        | name  | "N"                       | "N"                       |
        | name  | "Núria O'Neill-Żak 李"     | "Núria O'Neill-Żak 李"     |
        | name  | "  Nina  "                | "Nina"                    |
        | name  | 80 letters                | 80 letters                |
        | name  | a family in one sign      | a family in one sign      |
        | name  | "<b>Nina</b>"             | "<b>Nina</b>"             |
        | name  | "Nina'); -- and the rest" | "Nina'); -- and the rest" |

      Examples: e-mail addresses, kept in lower case
        | field  | entered                     | stored                           |
        | e-mail | "valid@example.com"         | "valid@example.com"              |
        | e-mail | "alice@test.com"            | "alice@test.com"                 |
        | e-mail | "Nina.New@EXAMPLE.com"      | "nina.new@example.com"           |
        | e-mail | "nina+shop@mail.example.co" | "nina+shop@mail.example.co"      |
        | e-mail | "nina@bücher.example.com"   | "nina@xn--bcher-kva.example.com" |

    Scenario Outline: a password may be <password>
      When an anonymous visitor registers as Nina with the password <password>
      And the background work is done
      And Nina signs in with the password <password>
      Then Nina succeeds
      And Nina is told by e-mail "Welcome!"

      Examples: from the shortest to the longest
        | password                |
        | 8 letters               |
        | 128 letters             |
        | "  spaces at the ends " |
        | "ключ от магазина"      |
