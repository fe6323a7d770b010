using System.CommandLine;
using System.Text.Json;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Api;
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
        var begun = await BeginAsync(session, specification, cancellation);
        var view = await session.WaitAsync(stop => WatchAsync(session, begun, stop), cancellation);
        if (cancellation.IsCancellationRequested)
        {
            ErrorConsole.WriteLine($"No longer watched; the import goes on {(session.IsElsewhere ? session.Elsewhere : "when the lab is started next")}. `corpus list` says how it stands.");
            return 130;
        }

        if (view.Import.State != WorkState.Completed)
        {
            throw new LabException(view.Import.Message);
        }

        Write([view]);
        return 0;
    }

    private static Task<CorpusView> BeginAsync(LabSession session, CorpusSpecification specification, CancellationToken cancellation)
    {
        var asked = false;
        return Watching.AnsweredAsync(
            session,
            async stop =>
            {
                // The answer may be all that was lost, and the import over by now.
                if (asked && await FindAsync(session, specification.Name, stop) is { } begun && TextOf(begun.Specification) == TextOf(specification))
                {
                    return begun;
                }

                asked = true;
                return await session.Lab.ImportAsync(specification, stop);
            },
            cancellation);
    }

    private static async Task<CorpusView?> FindAsync(LabSession session, string name, CancellationToken cancellation)
    {
        try
        {
            return await session.Lab.GetCorpusAsync(name, cancellation);
        }
        catch (RequestFault fault) when (fault.Kind == FaultKind.Missing)
        {
            return null;
        }
    }

    private static string TextOf(CorpusSpecification? specification) => JsonSerializer.Serialize(specification, ApiJson.Options);

    private static Task<CorpusView> WatchAsync(LabSession session, CorpusView begun, CancellationToken cancellation) =>
        AnsiConsole.Status().StartAsync($"Importing {Markup.Escape(begun.Name)}", status => Watching.UntilAsync(
            session,
            begun,
            stop => session.Lab.GetCorpusAsync(begun.Name, stop),
            view =>
            {
                status.Status($"Importing {Markup.Escape(view.Name)}: {view.Import.Progress.Done} documents");
                return view.Import.State is WorkState.Completed or WorkState.Failed or WorkState.Cancelled;
            },
            Period,
            cancellation));

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
