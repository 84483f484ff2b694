@critical
Feature: Starting the shop for customers
  A shop that starts without its secrets would be open to everybody,
  or would fail at the first customer. It says at once what is missing.

  Rule: Without one of its secrets and addresses the shop does not start

    Scenario: with all of them it starts
      When the operators start the shop for customers
      Then the shop starts

    Scenario Outline: the shop does not start without <what>
      When the operators try to start the shop for customers without <what>
      Then the shop does not start and names <setting>: "Field required"

      Examples: each is missed by its name
        | what                                | setting      |
        | the secret key                      | SECRET_KEY   |
        | the address of its memory           | DATABASE_URL |
        | the address of the queue            | BROKER_URL   |
        | the address of the payment provider | PAYMENTS_URL |
        | the key of the payment provider     | PAYMENTS_KEY |
        | the key of the weather provider     | WEATHER_KEY  |
        | the address of the mail server      | MAIL_SERVER  |

    Scenario Outline: the shop does not start with <what> <entered>
      When the operators try to start the shop for customers with <what> <entered>
      Then the shop does not start and names <setting>: "<why>"

      Examples: there, but of no use
        | what                                | entered    | setting      | why                                                          |
        | the secret key                      | 15 letters | SECRET_KEY   | Value should have at least 16 items after validation, not 15 |
        | the secret key                      | empty      | SECRET_KEY   | Field required                                               |
        | the address of the payment provider | "payments" | PAYMENTS_URL | Input should be a valid URL, relative URL without a base     |

    Scenario: what the shop says that does not start
      When the operators try to start the shop for customers without the secret key
      Then the shop does not start and says
        """
        The shop cannot start as 'production':
          SECRET_KEY: Field required
        Set them in the environment, or SHOP_CONFIG=development to try the shop.
        """

    Scenario: a shop that nobody has heard of
      When the operators try to start the shop as "staging"
      Then the shop does not start and says
        """
        SHOP_CONFIG is 'staging'; it can be production, development, testing.
        """
