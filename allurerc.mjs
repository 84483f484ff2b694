// What `make report` draws from reports/allure-results: one page, with the trends of the last runs.
import { readFileSync } from "node:fs";

export default {
  name: "What the shop promises",
  historyPath: "reports/allure-history.jsonl",
  historyLimit: 20,
  appendHistory: true,
  categories: JSON.parse(readFileSync("reports/allure-results/categories.json", "utf8")),
  plugins: {
    awesome: {
      options: {
        singleFile: true,
        reportLanguage: "en",
        groupBy: ["epic", "feature", "story"],
      },
    },
  },
};
