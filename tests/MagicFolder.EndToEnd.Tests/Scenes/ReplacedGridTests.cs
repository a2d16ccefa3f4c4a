namespace MagicFolder.EndToEnd.Tests.Scenes;

/// <summary>The grid directory is lost for good, and an empty one is put in its place while the daemon runs.</summary>
public sealed class ReplacedGridTests
{
    [Fact]
    public async Task WhatIsStoredInTheNewOneCanBeWrittenAgainAfterARestart()
    {
        using var scene = await Scene.StartAsync(computers: 1);
        scene.Write("alice", "old.txt", "old");
        await scene.RestAsync();

        Directory.Move(scene.Grid, scene.Grid + ".lost");
        Directory.CreateDirectory(Path.Combine(scene.Grid, "shares"));
        // Opens it, whatever comes of it: from then on it has an identity of its own.
        await scene.RunAsync("alice", "history", "--folder", "shared");
        File.Exists(Path.Combine(scene.Grid, "nodeid")).ShouldBeTrue();
        long seq = await PublishAsync(scene, "meanwhile.txt", 2, 0);

        await scene.StopAsync("alice");
        scene.Start("alice");
        await PublishAsync(scene, "afterwards.txt", 3, seq);
        scene.ShouldBeCalm();
    }

    private static async Task<long> PublishAsync(Scene scene, string path, long files, long after)
    {
        scene.Write("alice", path, "new");
        var folder = await scene.BecomesAsync("alice", one => one.State == "in-sync" && one.Files == files && one.Participants.Single().Seq > after);
        return folder.Participants.Single().Seq;
    }
}
