using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Storage;

namespace SlungOrleans.Grains.Tests.ContractSafety;

/// <summary>
/// States of every grain as the host of one process stored them, with a value other than the default in every member: one file per state, and a
/// further one whenever members were added. They must be read for ever.
/// </summary>
public sealed class StateFormatTests
{
    private static readonly string Folder = Path.Combine(BaselineFolder.Path, "States");

    public static TheoryData<string> States => [.. ContractList.States().Select(state => state.Attribute.StateName)];

    [Theory]
    [MemberData(nameof(States))]
    public void State_StoredByAnEarlierBuild_IsReadWithAllItsMembers(string name)
    {
        foreach (var (file, stored) in Stored(name))
        {
            var state = JsonSerializer.Deserialize(stored, TypeOf(name), StateJson.Options);

            var lost = FirstLost(JsonSerializer.SerializeToNode(state, StateJson.Options), JsonNode.Parse(stored), "");
            Assert.True(
                lost is null,
                $"{file} is what an earlier build stored, and is read wrong at '{lost}'. States that users have would be: keep reading what was written.");
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public void State_WithAllItsMembers_IsInABaseline(string name)
    {
        var now = JsonSerializer.SerializeToNode(SampleState.Of(TypeOf(name)), StateJson.Options)!;
        var stored = Stored(name).ToList();
        var members = Members(now, "").ToHashSet();
        members.ExceptWith(stored.SelectMany(file => Members(JsonNode.Parse(file.Content)!, "")));
        if (BaselineFolder.IsToBeAddedTo && members.Count > 0)
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(Path.Combine(Folder, $"{name}.{stored.Count + 1}.json"), now.ToJsonString(StateJson.Options));
            return;
        }

        Assert.True(members.Count == 0, $"No baseline of state '{name}' has {string.Join(", ", members)}. {BaselineFolder.Advice}");
    }

    private static Type TypeOf(string name) => ContractList.States().Single(state => state.Attribute.StateName == name).State;

    private static IEnumerable<(string File, string Content)> Stored(string name) => Directory.Exists(Folder)
        ? Directory.GetFiles(Folder, $"{name}.*.json").Order(StringComparer.Ordinal).Select(file => (file, File.ReadAllText(file)))
        : [];

    /// <summary>The path of something that is in the part and not, or not the same, in the whole; null if there is none. What is only in the whole is new.</summary>
    private static string? FirstLost(JsonNode? whole, JsonNode? part, string path) => (whole, part) switch
    {
        (JsonObject known, JsonObject members) => members
            .Select(member => known.ContainsKey(member.Key) ? FirstLost(known[member.Key], member.Value, $"{path}/{member.Key}") : $"{path}/{member.Key}")
            .FirstOrDefault(lost => lost is not null),
        (JsonArray known, JsonArray elements) when known.Count == elements.Count => elements
            .Select((element, index) => FirstLost(known[index], element, $"{path}/{index}"))
            .FirstOrDefault(lost => lost is not null),
        _ => JsonNode.DeepEquals(whole, part) ? null : path,
    };

    private static IEnumerable<string> Members(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(member => Members(member.Value, $"{path}/{member.Key}")),
        JsonArray elements => elements.SelectMany(element => Members(element, $"{path}/*")),
        _ => [path],
    };
}
