@fixture.clock
Feature: Waiting for the weather
  Whoever knows the weather may ask the shop to come back later.
  The shop passes that on, and makes no time up.

  Rule: Whoever is told to wait is told how long, where the shop knows

    Scenario Outline: a customer waits <wait> when the weather provider <trouble>
      Given the weather provider <trouble>
      When an anonymous visitor tries to ask for the weather in "Berlin"
      Then an anonymous visitor is told that this is unavailable
      And an anonymous visitor is told to come back in <wait>

      Examples: in seconds, or as a time of day
        | trouble                              | wait       |
        | asks us to wait 2 minutes            | 2 minutes  |
        | asks us to wait until five past noon | 5 minutes  |
        | asks us to wait until ten past noon  | 10 minutes |
        | asks us to wait a day                | 1 day      |
        | asks us to wait no time              | 0 seconds  |
        | is overloaded for 30 seconds         | 30 seconds |

    Scenario Outline: a customer is told no time when the weather provider <trouble>
      Given the weather provider <trouble>
      When an anonymous visitor tries to ask for the weather in "Berlin"
      Then an anonymous visitor is told that this is unavailable
      And an anonymous visitor is not told when to come back

      Examples: nothing sensible was said
        | trouble                            |
        | asks us to slow down               |
        | asks us to wait a day and a second |
        | asks us to wait a year             |
        | asks us to wait until yesterday    |
        | asks us to wait for a moment       |
        | names a year beyond all calendars  |
        | has a fault of its own             |
