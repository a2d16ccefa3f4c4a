using System.Diagnostics;
using MagicFolder.Sync.Resolving;

namespace MagicFolder.Sync.Tests.KnownPains;

public sealed class ManyConflictsTests
{
    private const int Many = 10_000;

    /// <summary>Generous: it takes some twenty seconds on two cores.</summary>
    private static readonly TimeSpan Sensible = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task TenThousandConflictsAtOnceStandAndAreListedAndCanBeDecided()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        foreach (int i in Enumerable.Range(0, Many))
        {
            all.World.Write("alice", $"{i % 50}/{i}.txt", $"by alice {i}");
            all.World.Write("bob", $"{i % 50}/{i}.txt", $"by bob {i}");
        }
        long start = Stopwatch.GetTimestamp();
        await all.RunWellAsync("alice", "bob");
        var took = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Many} conflicts: {took.TotalSeconds:F1} s, {GC.GetTotalMemory(forceFullCollection: true) >> 20} MiB");

        took.ShouldBeLessThan(Sensible);
        foreach (string name in new[] { "alice", "bob" })
        {
            using var view = all.World.View(name);
            ConflictList.Of(view).Count.ShouldBe(Many);
            Directory.GetFiles(all.World.At(name, ""), "*.conflict-*", SearchOption.AllDirectories).Length.ShouldBe(Many);
        }
        all.World.Read("alice", "7/7.txt").ShouldBe("by alice 7");
        all.World.Read("alice", "7/7.conflict-bob.txt").ShouldBe("by bob 7");

        foreach (string file in Directory.GetFiles(all.World.At("alice", ""), "*.conflict-*", SearchOption.AllDirectories)) File.Delete(file);
        start = Stopwatch.GetTimestamp();
        await all.RunWellAsync("alice", "bob");
        took = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"decided: {took.TotalSeconds:F1} s");

        took.ShouldBeLessThan(Sensible);
        all.World.Names("bob").Count.ShouldBe(Many + 50);
        all.World.Names("bob").ShouldBe(all.World.Names("alice"));
        all.World.Read("bob", "7/7.txt").ShouldBe("by alice 7");
    }
}
