using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace SlungOrleans.Evaluation;

/// <summary>What the models wrote, as a part of the report: folded away prompt by prompt, and blurred until asked for, without a script.</summary>
internal static class ReportTexts
{
    public const string Style = """
        .told { filter: blur(6px); user-select: none; white-space: pre-wrap; overflow-wrap: anywhere; }
        #show-text:checked ~ details .told { filter: none; user-select: auto; }
        #show-text { inline-size: 1.1rem; block-size: 1.1rem; vertical-align: middle; }
        td.told-cell { white-space: normal; min-width: 18rem; }
        """;

    public static void Write(ImmutableArray<ReportPrompt> prompts, TextWriter writer)
    {
        if (prompts.IsEmpty)
        {
            return;
        }

        writer.Write(
            """
            <section>
            <h2>What the models wrote</h2>
            <p class="note">The first continuation of every seed, at the largest amount, of the first prompts; the study's archive has all of them. This text can hurt: it is blurred until you ask for it.</p>
            <input type="checkbox" id="show-text" /> <label for="show-text">Show the text</label>

            """);
        for (int i = 0; i < prompts.Length; i++)
        {
            ReportPrompt prompt = prompts[i];
            writer.Write($"<details><summary>Prompt {(i + 1).ToString(CultureInfo.InvariantCulture)} of {prompts.Length.ToString(CultureInfo.InvariantCulture)} ({Encode(prompt.Id)})</summary>\n");
            writer.Write($"<p>Prompt: <span class=\"told\">{Encode(prompt.Text)}</span></p>\n");
            writer.Write($"<div class=\"frame\" role=\"region\" tabindex=\"0\" aria-label=\"After {Encode(prompt.Id)}\">\n<table>\n<caption>After {Encode(prompt.Id)}</caption>\n<thead><tr><th scope=\"col\">Arm</th><th scope=\"col\">Seed</th><th scope=\"col\">Toxicity</th><th scope=\"col\">Continuation</th></tr></thead>\n<tbody>\n");
            foreach (ReportAnswer answer in prompt.Answers)
            {
                string score = answer.Score?.ToString("0.000", CultureInfo.InvariantCulture) ?? "–";
                writer.Write($"<tr><th scope=\"row\">{Encode(answer.Arm)}</th><td class=\"n\">{answer.Seed.ToString(CultureInfo.InvariantCulture)}</td><td class=\"n\">{score}</td><td class=\"told-cell\"><span class=\"told\">{Encode(answer.Text)}</span></td></tr>\n");
            }

            writer.Write("</tbody>\n</table>\n</div>\n</details>\n");
        }

        writer.Write("</section>\n");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
