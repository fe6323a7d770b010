using System.Globalization;
using SlungOrleans.Storage;

// A writer in a process of its own: its tests kill it, race several, and run one on a full disk.
var store = new LocalBlobStore(args[1]);
switch (args[0])
{
    case "create":
        for (int slot = 0; slot < 40; slot++)
        {
            try
            {
                await store.WriteTextAsync($"slots/{slot}", args[2], WriteCondition.Absent);
                Console.WriteLine(slot);
            }
            catch (BlobConditionException)
            {
                // Another process has this slot.
            }
        }

        break;
    case "increment":
        for (int increments = 0; increments < 50;)
        {
            BlobInfo counter = (await store.GetInfoAsync("counter"))!;
            int value = int.Parse(await store.ReadAllTextAsync("counter"), CultureInfo.InvariantCulture);
            try
            {
                await store.WriteTextAsync("counter", (value + 1).ToString("D8", CultureInfo.InvariantCulture), WriteCondition.Matches(counter.Tag));
                increments++;
            }
            catch (BlobConditionException)
            {
                // Another process was first: read again.
            }
        }

        break;
    case "rewrite":
        for (byte value = 0; ; value++)
        {
            await store.WriteBytesAsync("rewritten", Enumerable.Repeat(value, 4 << 20).ToArray());
            Console.WriteLine(value);
        }

    case "fill":
        try
        {
            await store.WriteBytesAsync("small", new byte[100_000]);
            await store.WriteBytesAsync(args[2], new byte[300_000]);
        }
        catch (BlobStoreException failure)
        {
            Console.WriteLine(failure.Message);
        }

        Console.WriteLine(string.Join(' ', await store.ListAsync("").Select(blob => $"{blob.Name}:{blob.Length}").ToListAsync()));
        Console.WriteLine(Directory.EnumerateFiles(Path.Combine(args[1], "~temporary")).Count());
        await store.WriteBytesAsync("after", new byte[50_000]);
        break;
    default:
        throw new ArgumentException($"'{args[0]}' is not a thing to do.");
}
