@fixture.clock
Feature: Asking for the weather
  Customers look at the weather before they come to the shop.
  The shop asks somebody who knows, and not more often than it has to.

  Rule: Everybody may ask, and is told the degrees and the sky

    Scenario: a visitor asks for the weather in Berlin
      Given it is 22 degrees and sunny
      When an anonymous visitor asks for the weather in "Berlin"
      Then an anonymous visitor is told that it is 22 degrees and sunny in Berlin
      And the weather provider was asked once for Berlin
      And the answer is as recorded

    Scenario Outline: it is <degrees> degrees and <sky> in <city>
      Given it is <degrees> degrees and <sky>
      When an anonymous visitor asks for the weather in "<city>"
      Then an anonymous visitor is told that it is <degrees> degrees and <sky> in <city>
      And the weather provider was asked once for <city>

      Examples: all kinds of weather and of cities
        | city              | degrees | sky                 |
        | Zürich            | 0       | foggy               |
        | New York          | -3.5    | light snow          |
        | Kyōto             | 31.25   | partly cloudy       |
        | Aix-en-Provence   | 40      | sunny & hot         |
        | Kola              | -1000   | as cold as can be   |
        | Death Valley      | 1000    | as hot as can be    |
        | Köln?city=Bonn&x# | 12      | 50 % chance of rain |

    Scenario: spaces around the city do not matter
      Given it is 22 degrees and sunny
      When an anonymous visitor asks for the weather in "  Berlin "
      Then an anonymous visitor is told that it is 22 degrees and sunny in Berlin
      And the weather provider was asked once for Berlin

    Scenario: a long answer is read to its end
      Given the weather provider says as much as the shop reads
      When an anonymous visitor asks for the weather in "Berlin"
      Then an anonymous visitor is told that it is 22 degrees and sunny in Berlin

  Rule: What was asked a short while ago is not asked again

    Scenario Outline: asked again after <pause>, the provider is asked <times>
      Given it is 22 degrees and sunny
      When an anonymous visitor asks for the weather in "Berlin"
      And <pause> pass
      And an anonymous visitor asks for the weather in "Berlin"
      Then the weather provider was asked <times> for Berlin

      Examples: the answer is kept for a minute
        | pause      | times |
        | 1 seconds  | once  |
        | 59 seconds | once  |
        | 60 seconds | twice |
        | 2 hours    | twice |

    Scenario Outline: whoever writes <other> asks for the same city
      Given it is 22 degrees and sunny
      When an anonymous visitor asks for the weather in "Straßburg"
      And an anonymous visitor asks for the weather in "<other>"
      Then an anonymous visitor is told that it is 22 degrees and sunny in <told>
      And the weather provider was asked once for Straßburg

      Examples: in other letters
        | other       | told       |
        | straßburg   | straßburg  |
        | STRASSBURG  | STRASSBURG |

    Scenario: after a minute the weather may be another
      Given it is 22 degrees and sunny
      When an anonymous visitor asks for the weather in "Berlin"
      And 2 minutes pass
      And it becomes 18 degrees and cloudy
      And an anonymous visitor asks for the weather in "Berlin"
      Then an anonymous visitor is told that it is 18 degrees and cloudy in Berlin

    Scenario: a failure is not kept
      Given the weather provider is overloaded
      When an anonymous visitor tries to ask for the weather in "Berlin"
      Then an anonymous visitor is told that this is unavailable
      When it becomes 22 degrees and sunny
      And an anonymous visitor asks for the weather in "Berlin"
      Then an anonymous visitor is told that it is 22 degrees and sunny in Berlin
