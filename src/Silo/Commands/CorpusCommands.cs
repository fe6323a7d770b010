using System.CommandLine;
using SlungOrleans.Contracts;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>corpus import|list</c>.</summary>
internal static class CorpusCommands
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    public static Command Create() => new("corpus", "Import and list corpora.") { Import(), List() };

    private static Command Import()
    {
        var name = new Argument<string>("name") { Description = "The corpus' name." };
        var path = new Argument<string>("path") { Description = "The file to read." };
        var format = new Option<string>("--format") { Description = "auto, jsonl, csv, tsv, text or toxic-spans.", DefaultValueFactory = _ => "auto" };
        var text = new Option<string>("--text-field") { Description = "The column or field of the text.", DefaultValueFactory = _ => "text" };
        var label = new Option<string?>("--label-field") { Description = "The column or field of the label." };
        var positive = new Option<string[]>("--positive") { Description = "Labels that mean high-risk.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var cleaning = new Option<string>("--cleaning") { Description = "none or tweet.", DefaultValueFactory = _ => "none" };
        var command = new Command("import", "Imports a corpus from a file.") { name, path, format, text, label, positive, cleaning };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => ImportAsync(
            session,
            new CorpusSpecification
            {
                Name = Identifiers.Ensure(result.GetValue(name), "corpus"),
                // Another process has another working folder.
                Path = session.IsElsewhere ? Path.GetFullPath(result.GetValue(path)!) : result.GetValue(path),
                Format = result.GetValue(format)!,
                TextField = result.GetValue(text)!,
                LabelField = result.GetValue(label),
                PositiveLabels = [.. result.GetValue(positive)!],
                Cleaning = result.GetValue(cleaning)!,
            },
            cancellation)));
        return command;
    }

    private static async Task<int> ImportAsync(LabSession session, CorpusSpecification specification, CancellationToken cancellation)
    {
        await session.Lab.ImportAsync(specification, cancellation);
        var view = await session.WaitAsync(stop => WatchAsync(session, specification.Name, stop), cancellation);
        if (view.Import.State != WorkState.Completed)
        {
            throw new LabException(view.Import.Message);
        }

        Write([view]);
        return 0;
    }

    private static Task<CorpusView> WatchAsync(LabSession session, string name, CancellationToken cancellation) =>
        AnsiConsole.Status().StartAsync($"Importing {Markup.Escape(name)}", async status =>
        {
            using var timer = new PeriodicTimer(Period);
            while (true)
            {
                var current = await session.Lab.GetCorpusAsync(name, cancellation);
                if (current.Import.State is WorkState.Completed or WorkState.Failed or WorkState.Cancelled)
                {
                    return current;
                }

                status.Status($"Importing {Markup.Escape(name)}: {current.Import.Progress.Done} documents");
                await timer.WaitForNextTickAsync(cancellation);
            }
        });

    private static Command List()
    {
        var command = new Command("list", "Lists corpora.");
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => ListAsync(session, cancellation), works: false));
        return command;
    }

    private static async Task<int> ListAsync(LabSession session, CancellationToken cancellation)
    {
        Write(await session.Lab.ListCorporaAsync(cancellation));
        return 0;
    }

    private static void Write(IEnumerable<CorpusView> corpora)
    {
        var table = Tables.Create("corpus", "state", "version", "documents", "characters", "spans", "labelled", "");
        foreach (var corpus in corpora)
        {
            var numbers = corpus.Import.Numbers;
            Tables.AddRow(
                table, corpus.Name, corpus.Import.State.ToString().ToLowerInvariant(), corpus.Version[..Math.Min(12, corpus.Version.Length)],
                Count("documents"), Count("characters"), Count("spans"), Count("labelled"), corpus.Import.State == WorkState.Failed ? corpus.Import.Message : "");

            string Count(string key) => numbers.TryGetValue(key, out var value) ? $"{value:N0}" : "";
        }

        AnsiConsole.Write(table);
    }
}
