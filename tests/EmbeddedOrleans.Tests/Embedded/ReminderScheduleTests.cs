using Orleans.Timers;

namespace EmbeddedOrleans.Tests.Embedded;

public sealed class ReminderScheduleTests
{
    [Fact]
    public void NextTick_AtAnyMoment_IsTheFirstOfTheSeriesNotBefore()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var start = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(random.Next(1000));
            var period = TimeSpan.FromTicks(random.Next(1, 50));
            var now = start.AddTicks(random.Next(-100, 1000));
            var expected = start;
            while (expected < now)
            {
                expected += period;
            }

            var reminder = new Reminder(GrainId.Create("reminder", "x"), "x", 1, start, period);
            Assert.Equal(expected, reminder.NextTick(now));
            Assert.Equal(expected, reminder.TickAfter(expected - period, now));
            Assert.Equal(expected + period, reminder.TickAfter(expected, now));
        }
    }

    [Fact]
    public void NextTick_BeyondTheEndOfTime_IsItsEnd()
    {
        var start = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var reminder = new Reminder(GrainId.Create("reminder", "x"), "x", 1, start, TimeSpan.MaxValue);

        Assert.Equal(DateTime.MaxValue, reminder.NextTick(start.AddTicks(1)));
        Assert.Equal(DateTime.MaxValue, reminder.TickAfter(start, start));
    }
}
