using SlungOrleans.Silo.Specifications;

namespace SlungOrleans.Silo.Tests;

public sealed class RetentionYamlTests
{
    [Fact]
    public void Read_OfRetention_TakesItOver()
    {
        var reading = StudyYaml.Read("name: a\ntraining: { retention: { latest: 3, everySteps: 500, best: 1, budgetBytes: 1000000 } }\n");
        var retention = reading.Specification!.Training.Retention;
        Assert.Equal((3, 500L, 1, 1_000_000L), (retention.Latest, retention.EverySteps, retention.Best, retention.BudgetBytes));
        Assert.DoesNotContain(reading.Faults, fault => fault.Contains("retention", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_OfRetentionOutOfRange_NamesEveryFault()
    {
        var reading = StudyYaml.Read("name: a\ntraining: { retention: { latest: 0, budgetBytes: -1 } }\n");
        Assert.Contains("training.retention.latest is 0, expected at least 1", reading.Faults);
        Assert.Contains("training.retention.budgetBytes is -1, expected above 0", reading.Faults);
    }
}
