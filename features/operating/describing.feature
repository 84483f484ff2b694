Feature: Describing how the shop is used
  Others build on the shop: what they read about it has to be true and whole.
  It comes as a document for programs and as a page for people.

  Rule: The description is whole, and changes only when somebody means it

    Scenario: the description for programs
      When an anonymous visitor reads the description of the interface
      Then an anonymous visitor succeeds
      And the answer is as recorded

    Scenario: everything is described
      When an anonymous visitor reads the description of the interface
      Then it describes all that programs can ask of the shop, and nothing else

  Rule: The page for people says the same, and needs nothing else

    Scenario: the page names every request
      When an anonymous visitor reads the documentation
      Then an anonymous visitor succeeds
      And the page reads as recorded
      And the page names every request of the description, and no other

    Scenario: the page can be read without the rest of the world
      When an anonymous visitor reads the documentation
      Then the page shows a browser everything without asking anybody else
