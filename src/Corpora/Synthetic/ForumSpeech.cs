namespace SlungOrleans.Corpora;

/// <summary>What the people of the forum say.</summary>
internal sealed class ForumSpeech(SyntheticLanguage language, RandomStream random)
{
    private const double AddressShare = 0.25;
    private const double LeadShare = 0.25;

    private static readonly string[] AngryReplies = ["stop that .", "that hurts .", "please be kind .", "not nice ."];
    private static readonly string[] NiceReplies = ["thanks .", "i agree .", "tell me more .", "sounds fun ."];

    /// <summary>Words of the phrases below and of the replies; the language has no words like them.</summary>
    public static IEnumerable<string> FunctionWords =>
        AngryReplies.Concat(NiceReplies).Append("the can i like how a we with you are all go yourself").SelectMany(text => text.Split(' '));

    public string Thing() => random.Pick(language.Things);

    public string Slur() => random.Pick(language.Slurs);

    public bool Chance(double probability) => random.Chance(probability);

    public int Below(int bound) => random.Below(bound);

    /// <summary>Two people.</summary>
    public (string Speaker, string Other) People()
    {
        var first = random.Pick(language.Names);
        string second;
        do
        {
            second = random.Pick(language.Names);
        }
        while (second == first);
        return (first, second);
    }

    /// <summary>What is said to somebody, up to the word that decides: with a slur it is high-risk, with a thing it is not.</summary>
    public string Address() => random.Below(3) switch
    {
        0 => $"you are a {Adjective()}",
        1 => $"all {Group()} are",
        _ => $"go {Verb()} yourself",
    };

    /// <summary>A harmless clause: mostly a description, sometimes what <see cref="Address"/> begins.</summary>
    public string Harmless() => random.Chance(AddressShare) ? $"{Address()} {Thing()}" : Description();

    /// <summary>A clause that may stand before another, with its comma; often none.</summary>
    public string Lead() => random.Chance(LeadShare) ? $" {Description()} ," : "";

    public string AngryReply() => random.Pick(AngryReplies);

    public string NiceReply() => random.Pick(NiceReplies);

    private string Description() => random.Below(3) switch
    {
        0 => $"the {Adjective()} {Thing()} can {Verb()} the {Thing()}",
        1 => $"i like how {Group()} {Verb()} a {Thing()}",
        _ => $"we {Verb()} the {Thing()} with {Group()}",
    };

    private string Adjective() => random.Pick(language.Adjectives);

    private string Group() => random.Pick(language.Groups);

    private string Verb() => random.Pick(language.Verbs);
}
