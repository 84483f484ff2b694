Feature: Looking for products
  Who looks for something finds it by a part of its name or of its description,
  whether they write it large or small.

  Rule: A word is found in the name and in the description, written large or small

    Scenario Outline: Who looks for "<text>" finds <found>
      Given the shop sells "Green Tea", described as "From the hills of Assam."
      And the shop sells "Tea Pot", described as "Holds 100% of a litre."
      And the shop sells "Cup_and_saucer", described as "Fits on any tray."
      And the shop sells "Käse", described as "Gehört aufs Brot."
      When an anonymous visitor looks for "<text>"
      Then an anonymous visitor is shown
        | product |
        | <found> |

      Examples: one thing is found
        | text    | found          |
        | green   | Green Tea      |
        | GREEN T | Green Tea      |
        | assam   | Green Tea      |
        | pot     | Tea Pot        |
        | 100%    | Tea Pot        |
        | %       | Tea Pot        |
        | _       | Cup_and_saucer |
        | p_a     | Cup_and_saucer |
        | KÄSE    | Käse           |
        | GEHÖRT  | Käse           |

    Scenario Outline: Who looks for "<text>" finds nothing
      Given the shop sells "Green Tea", described as "From the hills of Assam."
      When an anonymous visitor looks for "<text>"
      Then an anonymous visitor is shown nothing

      Examples: nothing is found
        | text   |
        | coffee |
        | gr%n   |
        | gr__n  |
        | '; --  |

    Scenario: Several things are found, and listed by name, large and small letters alike
      Given the shop sells "biscuits", described as "Good with tea."
      And the shop sells "Cup", described as "For tea."
      And the shop sells "Tea Pot", described as "Holds a litre."
      And the shop sells "Candle", described as "Of wax."
      When an anonymous visitor looks for "tea"
      Then an anonymous visitor is shown
        | product  | description    |
        | biscuits | Good with tea. |
        | Cup      | For tea.       |
        | Tea Pot  | Holds a litre. |

    Scenario Outline: Nobody can look for <what>
      When an anonymous visitor tries to look for <what>
      Then an anonymous visitor is told that this is invalid
      And the fault is in the q: "<told>"

      Examples: what is no word
        | what                | told                                            |
        | 81 letters          | The search text may have at most 80 characters. |
        | a control character | Control characters are not allowed.             |
        | a zero byte         | Control characters are not allowed.             |
