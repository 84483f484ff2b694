@services
Feature: Changing one thing at once
  Two people may change one thing at the same moment. One of them comes first,
  and the other is told what that has left.
  Nothing is done by halves, and nothing is left lying about that belongs to nobody.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: Whoever comes second is told what the first has left

    Scenario Outline: an admin deletes a product, and another is too late to <action>
      Given nobody has ordered the product
      When an admin and an admin try to delete a product and to <action> at the same moment, in this order
      Then an admin is told that this does not exist
      And the reason given is "There is no such product."

      Examples: a product that is gone
        | action           |
        | delete a product |
        | change a product |

    Scenario: an order is cancelled while its product goes off sale
      When the customer and an admin try to cancel an order and to delete a product at the same moment, in this order
      Then both of them succeed

    Scenario: two admins who delete each other leave one
      Given Ann is an admin
      And Ben is an admin
      When Ann and Ben try to delete each other at the same moment
      Then one of them succeeds, and the other is told "The shop needs an admin: make somebody else one first."

  Rule: The shop keeps a picture as long as somebody shows it

    Scenario: a member uploads two pictures at once, and shows one
      When a member and a member try to upload an avatar and to upload an avatar at the same moment, in this order
      Then both of them succeed
      And the shop keeps one picture, under a name of its own

    Scenario: a member whose account is deleted uploads a picture before it is gone
      When a member and an admin try to upload an avatar and to delete a user at the same moment, in this order
      Then an admin succeeds
      And the shop keeps no pictures, under names of its own
