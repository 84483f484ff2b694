Feature: Asking whether the shop is well
  Whoever runs the shop has a machine ask every few seconds whether it can work.
  The answer must be honest, so that nobody is sent to a shop that cannot serve.

  Rule: The shop says that it is well only when it can remember

    Scenario: a shop that can work says so
      When an anonymous visitor asks whether the shop is well
      Then an anonymous visitor succeeds
      And the answer is as recorded

    Scenario: a shop that cannot reach its memory says so, and when to ask again
      Given the shop's memory is out of reach
      When an anonymous visitor tries to ask whether the shop is well
      Then an anonymous visitor is told that this is unavailable
      And an anonymous visitor is told to come back in 5 seconds
      And the reason given is "The shop is busy. Try again shortly."
      And the answer tells nothing of what the shop is made of
      And the operators read in the log that the shop's memory does not answer

    # The lines are those of the shop's own process.
    @embedded
    Scenario: a shop all of whose lines to its memory are busy says so, too
      Given all lines to the shop's memory are busy
      When an anonymous visitor tries to ask whether the shop is well
      Then an anonymous visitor is told that this is unavailable
      And an anonymous visitor is told to come back in 5 seconds
      And the reason given is "The shop is busy. Try again shortly."
      And the operators read in the log that the shop's memory has no line left

  Rule: A page says so too, and asks its memory for nothing more

    Scenario Outline: a member opens <place> while the shop's memory cannot be reached
      Given Mia is a member
      And the shop's memory is out of reach
      When the browser of Mia tries to ask for the address "<place>"
      Then Mia is told that this is unavailable
      And Mia is told to come back in 5 seconds
      And the reason given is "The shop is busy. Try again shortly."
      And the answer tells nothing of what the shop is made of
      And the operators read in the log that the shop's memory does not answer

      Examples: pages for everybody and for members
        | place      |
        | /          |
        | /dashboard |

    # The fault is put into the shop's own process.
    @embedded
    Scenario: a member orders, and the shop stumbles
      Given Mia is a member
      And the shop sells Tea at 2.50 EUR, 10 in stock
      And the shop stumbles while it asks for the money
      When Mia tries to order on the page 2 Tea
      Then Mia is told on a page that it is the shop's own fault, and the page knows nobody
      And the operators find "Exception on" in the log
