Feature: Setting the shop up
  The operators set the shop up by a few settings, and leave out the others.
  What cannot be is refused before a customer meets it.

  Rule: What is left out has a value that will do

    Scenario Outline: what a shop for <purpose> works with
      When the operators look at the settings of a shop for <purpose>
      Then the settings are as recorded

      Examples: what nobody has set
        | purpose     |
        | customers   |
        | development |
        | tests       |

    Scenario Outline: what a shop for customers works with when <setting> is <entered>
      When the operators look at the settings of a shop for customers with <setting> <entered>
      Then the settings are as recorded

      Examples: where much depends on one setting
        | setting                   | entered                           |
        | the address of its memory | "postgres://db.example.com/shop"  |
        | the address of its memory | "mysql://db.example.com/shop"     |
        | the address of the queue  | "sentinel://queue.example.com/0"  |
        | the address of the queue  | "amqp://queue.example.com/0"      |

  Rule: A number is refused that makes no sense, before a customer meets it

    Scenario Outline: <setting> can be <entered>
      When the operators start the shop for customers with <setting> <entered>
      Then the shop starts

      Examples: just large enough
        | setting                             | entered    |
        | the secret key                      | 16 letters |
        | the key of the payment provider     | 1 letter   |
        | the key of the weather provider     | 1 letter   |
        | the number of proxies               | 0          |
        | the hours of a session              | 1          |
        | the rounds of a password            | 1          |
        | the KiB of a password               | 8          |
        | the port of the mail server         | 1          |
        | the seconds to wait for a provider  | 0.01       |
        | the seconds between two tries       | 0          |
        | the seconds to remember the weather | 0          |

      Examples: just small enough
        | setting                     | entered |
        | the number of proxies       | 10      |
        | the port of the mail server | 65535   |

    Scenario Outline: <setting> cannot be <entered>
      When the operators try to start the shop for customers with <setting> <entered>
      Then the shop does not start and names <name>: "<why>"

      Examples: too small
        | setting                             | entered | name                        | why                                             |
        | the number of proxies               | -1      | TRUSTED_PROXIES             | Input should be greater than or equal to 0      |
        | the hours of a session              | 0       | TOKEN_HOURS                 | Input should be greater than or equal to 1      |
        | the rounds of a password            | 0       | PASSWORD_TIME_COST          | Input should be greater than or equal to 1      |
        | the KiB of a password               | 7       | PASSWORD_MEMORY_KIB         | Input should be greater than or equal to 8      |
        | the port of the mail server         | 0       | MAIL_PORT                   | Input should be greater than or equal to 1      |
        | the seconds to wait for a provider  | 0       | OUTSIDE_TIMEOUT_SECONDS     | Input should be greater than 0                  |
        | the seconds between two tries       | -1      | OUTSIDE_RETRY_PAUSE_SECONDS | Input should be greater than or equal to 0      |
        | the seconds to remember the weather | -1      | WEATHER_CACHE_SECONDS       | Input should be greater than or equal to 0      |

      Examples: too large
        | setting                     | entered | name            | why                                         |
        | the number of proxies       | 11      | TRUSTED_PROXIES | Input should be less than or equal to 10    |
        | the port of the mail server | 65536   | MAIL_PORT       | Input should be less than or equal to 65535 |

  Rule: A shop that has started knows whom to ask, and keeps their keys to itself

    Scenario: whom a shop asks
      When the operators look at whom a shop asks that has started for customers
      Then it asks
        | for     | by whom        |
        | mail    | EmailService   |
        | money   | PaymentService |
        | weather | WeatherService |

    Scenario: what a shop says of the payment provider
      When the operators read what a shop says of the payment provider
      Then it names "https://payments.example.com/v1", and not the key

  Rule: The memory has the shape that the shop takes it for

    Scenario: nothing is missing, and nothing is there too much
      When the operators compare the shop's memory with what the shop takes it for
      Then they find no difference

    Scenario: how a server is asked to keep it
      When the operators look at how a server is asked to keep the shop's memory
      Then the server is asked as recorded

  Rule: A provider that cannot be reached gets a pause before each new try, the second twice as long

    Scenario Outline: the seconds between two tries are <entered>
      When a shop with the seconds between two tries <entered> tries to charge while the payment provider cannot be reached
      Then it waits <first> seconds before the second try, and <second> before the third

      Examples: pauses
        | entered | first | second |
        | 0       | 0     | 0      |
        | 0.2     | 0.2   | 0.4    |
        | 3       | 3     | 6      |

  Rule: A provider whose answer does not end is not heard out

    Scenario Outline: the seconds to wait for a provider are <entered>
      When a shop with the seconds to wait for a provider <entered> tries to charge while the payment provider answers a letter a second
      Then it gives up after <letters> letters, three times, because of "an answer that does not end"

      Examples: a letter a second
        | entered | letters |
        | 2       | 3       |
        | 30      | 31      |
