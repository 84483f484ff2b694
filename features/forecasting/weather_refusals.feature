@fixture.clock
Feature: Asking for the weather, what is refused
  The shop cannot always tell the weather: the question may be none,
  or whoever knows the weather cannot be reached or talks nonsense.
  A customer is told so, and never something made up.

  Rule: The question needs a city, in one line of at most 80 letters

    Scenario Outline: the weather in a city that is <city> is refused
      When an anonymous visitor tries to ask for the weather in <city>
      Then an anonymous visitor is told that this is invalid
      And the fault is in the city: "<message>"
      And nothing has changed

      Examples: no city
        | city                | message                                     |
        | missing             | The city is missing.                        |
        | empty               | This must not be blank.                     |
        | only spaces         | This must not be blank.                     |
        | 81 letters          | The city may have at most 80 characters.    |
        | two lines           | Enter one line, without control characters. |
        | a control character | Enter one line, without control characters. |
        | a zero byte         | Enter one line, without control characters. |

    Scenario: a city that nobody knows
      Given the weather provider knows no Atlantis
      When an anonymous visitor tries to ask for the weather in "Atlantis"
      Then an anonymous visitor is told that this does not exist
      And the reason given is "There is no such city."
      And nothing in the shop has changed

  Rule: Without an answer there is no weather, and the shop asks at most twice

    Scenario Outline: the weather provider <trouble>
      Given the weather provider <trouble>
      When an anonymous visitor tries to ask for the weather in "Berlin"
      Then an anonymous visitor is told that this is unavailable
      And the reason given is "The weather is not available at the moment."
      And the weather provider was asked <times> for Berlin
      And nothing in the shop has changed

      Examples: asked a second time, which may help
        | trouble                   | times |
        | is too slow               | twice |
        | is too slow to be reached | twice |
        | refuses the connection    | twice |
        | has a fault of its own    | twice |
        | is overloaded             | twice |

      Examples: asked too often already
        | trouble              | times |
        | asks us to slow down | once  |

      Examples: nonsense
        | trouble                                | times |
        | answers with a page                    | once  |
        | breaks off                             | once  |
        | answers with a list                    | once  |
        | leaves out the degrees                 | once  |
        | leaves out the sky                     | once  |
        | writes the degrees as text             | once  |
        | calls the degrees true                 | once  |
        | knows no degrees                       | once  |
        | gives degrees that are no number       | once  |
        | gives endless degrees                  | once  |
        | gives degrees of another world         | once  |
        | gives degrees below all that is cold   | once  |
        | gives an empty sky                     | once  |
        | gives the sky as a number              | once  |
        | describes the sky in 81 letters        | once  |
        | writes in letters that nobody can read | once  |
        | says a letter more than the shop reads | once  |
        | answers without weather                | once  |
        | sends us elsewhere                     | once  |

      # What is put before the shop in its own process; the stand-in of the other stage cannot send it.
      @embedded
      Examples: cut off, or packed though the shop takes nothing that unpacks to more than it reads
        | trouble                    | times |
        | is cut off in the middle   | twice |
        | packs what was asked plain | once  |

  Rule: What only the shop's operators can mend, they find in the log

    Scenario Outline: the weather provider <trouble>, and the operators learn of it
      Given the weather provider <trouble>
      When an anonymous visitor tries to ask for the weather in "Berlin"
      Then an anonymous visitor is told that this is unavailable
      And the operators read "The weather provider gave an answer that is not known: GET /current: <status>" in the log

      Examples: our own fault
        | trouble                | status |
        | does not know us       | 401    |
        | does not understand us | 400    |
        | does not like us       | 499    |
