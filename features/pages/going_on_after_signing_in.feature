@critical
Feature: Going on after signing in
  Whoever was sent to sign in comes back to where they wanted to go,
  and to nowhere else: a link cannot lead them out of the shop.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: The way on after signing in stays in the shop

    Scenario Outline: whoever signs in on the way to <place> goes on to <goes on>
      When a user signs in on the page on the way to <place>
      Then the way on is <goes on>

      Examples: places of the shop
        | place            | goes on          |
        | "/"              | "/"              |
        | "/admin"         | "/admin"         |
        | "/?q=tea&page=2" | "/?q=tea&page=2" |
        | "/?q=XXL"        | "/?q=XXL"        |

      Examples: places elsewhere
        | place                      | goes on      |
        | "https://evil.example.com" | "/dashboard" |
        | "//evil.example.com"       | "/dashboard" |
        | "/\evil.example.com"       | "/dashboard" |
        | "javascript:alert(1)"      | "/dashboard" |
        | "dashboard"                | "/dashboard" |
        | " //evil.example.com"      | "/dashboard" |
        | ""                         | "/dashboard" |
        | "/ /evil.example.com"      | "/dashboard" |
        | "//["                      | "/dashboard" |
