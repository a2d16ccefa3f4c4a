using MagicFolder.Sync.Tests.Identity;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>Alice and bob are honest and have synchronized; mallory is a member and hostile. Around the folders stand files that nobody may touch.</summary>
internal sealed class HostileWorld : IDisposable
{
    private const int MostLines = 8;

    private HostileWorld(Cast cast)
    {
        Cast = cast;
        Mallory = new HostileMember(cast, "mallory");
    }

    internal Cast Cast { get; }

    internal HostileMember Mallory { get; }

    /// <summary>A directory beside the folders, with a file in it.</summary>
    internal string Sentinel => Cast.World.Outside("sentinel");

    /// <param name="isMalloryFirst">Is she read before the others?</param>
    internal static async Task<HostileWorld> StartAsync(bool isMalloryFirst = false)
    {
        var world = new HostileWorld(await Cast.StartAsync(isMalloryFirst ? ["mallory", "alice", "bob"] : ["alice", "bob", "mallory"]));
        Directory.CreateDirectory(world.Sentinel);
        File.WriteAllText(Path.Combine(world.Sentinel, "secret"), "nobody touches this");
        File.WriteAllText(world.Cast.World.At("", "above"), "nor this");
        world.Cast.World.Write("alice", "of-alice", "alice's");
        world.Cast.World.Write("bob", "of-bob", "bob's");
        (await world.RunAsync()).ShouldBeEmpty();
        return world;
    }

    internal Task<string[]> RunAsync() => Cast.RunAsync("alice", "bob");

    /// <summary>
    /// Alice and bob run, with new work of their own, after something hostile was published. What must hold whatever it was: few lines of trouble without secrets, the honest
    /// members' files the same on both sides, nothing outside touched.
    /// </summary>
    internal async Task<string[]> RunHonestlyAsync(int mostLines = MostLines)
    {
        Cast.World.Write("alice", "later-of-alice", "alice's, too");
        Cast.World.Write("bob", "later-of-bob", "bob's, too");
        string[] troubles = await RunAsync();

        troubles.Length.ShouldBeLessThanOrEqualTo(mostLines, string.Join('\n', troubles.Take(20)));
        foreach (string line in troubles)
        {
            line.ShouldNotContain("URI:");
            line.Length.ShouldBeLessThan(8000);
            line.ShouldNotContain("stopped", Case.Insensitive);
        }
        foreach (string who in new[] { "alice", "bob" })
        {
            Cast.World.Read(who, "of-alice").ShouldBe("alice's");
            Cast.World.Read(who, "of-bob").ShouldBe("bob's");
            Cast.World.Read(who, "later-of-alice").ShouldBe("alice's, too", string.Join('\n', troubles));
            Cast.World.Read(who, "later-of-bob").ShouldBe("bob's, too", string.Join('\n', troubles));
        }
        NothingOutsideWasTouched();
        return troubles;
    }

    internal void NothingOutsideWasTouched()
    {
        Directory.EnumerateFileSystemEntries(Sentinel, "*", SearchOption.AllDirectories).ShouldBe([Path.Combine(Sentinel, "secret")]);
        File.ReadAllText(Path.Combine(Sentinel, "secret")).ShouldBe("nobody touches this");
        File.ReadAllText(Cast.World.At("", "above")).ShouldBe("nor this");
        Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Cast.World.GridDirectory)!).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["above", "alice", "bob", "grid", "mallory", "outside", "state"]);
        Directory.EnumerateFileSystemEntries(Cast.World.At("mallory", "")).ShouldBeEmpty();
    }

    public void Dispose()
    {
        Mallory.Dispose();
        Cast.Dispose();
    }
}
