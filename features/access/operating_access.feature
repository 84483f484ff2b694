@furnish_once
Feature: Who may do what with the weather and the shop's papers
  Some things need no account at all.
  They are listed here so that it is a decision and not an oversight
  that they are open.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: The weather and the shop's papers are open to everybody

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: open to everybody
        | who                  | verdict | action                                | request           |
        | an anonymous visitor | may     | see the weather                       | GET /api/weather  |
        | a user               | may     | see the weather                       | GET /api/weather  |
        | an admin             | may     | see the weather                       | GET /api/weather  |
        | an anonymous visitor | may     | ask whether the shop is well          | GET /healthz      |
        | a user               | may     | ask whether the shop is well          | GET /healthz      |
        | an admin             | may     | ask whether the shop is well          | GET /healthz      |
        | an anonymous visitor | may     | read the description of the interface | GET /openapi.json |
        | a user               | may     | read the description of the interface | GET /openapi.json |
        | an admin             | may     | read the description of the interface | GET /openapi.json |
        | an anonymous visitor | may     | read the documentation                | GET /docs         |
        | a user               | may     | read the documentation                | GET /docs         |
        | an admin             | may     | read the documentation                | GET /docs         |
