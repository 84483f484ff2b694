# Warnings are heard in the shop's own process.
@embedded
Feature: Reading the log
  What passes by itself is a warning in the log, and disturbs nobody.
  The operators read there what it was, when customers ask.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: A warning says what went wrong, and where

    Scenario Outline: the payment provider <trouble>
      Given the payment provider <trouble>
      When a user tries to place an order by <request>
      Then a user is told that this is accepted for later
      And the operators are warned in the log: "<warning>"

      Examples: no answer, or none that makes sense
        | trouble                | request          | warning                                                                                                            |
        | is too slow            | POST /api/orders | The payment provider is unavailable: POST https://payments.example.com/v1/charges: ReadTimeout                     |
        | has a fault of its own | POST /api/orders | The payment provider is unavailable: POST https://payments.example.com/v1/charges: 500                             |
        | asks us to slow down   | POST /api/orders | The payment provider is unavailable: POST https://payments.example.com/v1/charges: 429, too many requests          |
        | never stops talking    | POST /api/orders | The payment provider is unavailable: an answer too large to read                                                   |
        | gives no number        | POST /api/orders | The payment provider gave an answer that is not known: POST /charges: 201                                          |
        | sends us elsewhere     | POST /api/orders | The payment provider gave an answer that is not known: POST /charges: 302                                          |

    Scenario Outline: the weather provider <trouble>
      Given the weather provider <trouble>
      When a user tries to see the weather by <request>
      Then a user is told that this is unavailable
      And the operators are warned in the log: "<warning>"

      Examples: no answer, or none that makes sense
        | trouble                | request          | warning                                                                                       |
        | leaves out the degrees | GET /api/weather | The weather provider is unavailable: an answer 200 that makes no sense: temp                  |
        | leaves out everything  | GET /api/weather | The weather provider is unavailable: an answer 200 that makes no sense: temp, condition       |
        | answers with a list    | GET /api/weather | The weather provider is unavailable: an answer 200 that makes no sense: body                  |
        | sends us elsewhere     | GET /api/weather | The weather provider gave an answer that is not known: GET /current: 302                      |

    Scenario Outline: somebody is overtaken by another because <what>
      Given <what> at the same moment
      When <who> tries to <action> by <request>
      Then <who> is told that this is in conflict
      And the operators are warned in the log: "<warning>"

      Examples: what kind of change it was
        | what                                       | who        | action        | request               | warning                                                  |
        | the post is deleted                        | the author | change a post | PATCH /api/posts/{id} | A request was overtaken by another: StaleDataError       |
        | the post is deleted before it can be shown | the author | change a post | PATCH /api/posts/{id} | A request was overtaken by another: ValidationError      |

    @fixture.payments
    Scenario Outline: the queue for background work is down when somebody tries to <action>
      Given the queue for background work is down
      When <who> tries to <action> by <request>
      Then <who> succeeds
      And the operators are warned in the log: "<warning>"

      Examples: what has to wait
        | who    | action         | request          | warning                                                                                                |
        | a user | place an order | POST /api/orders | Tasks wait, because the broker takes none: the broker refuses the connection (stopped by the scenario) |
