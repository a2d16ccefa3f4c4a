namespace MagicFolder.EndToEnd.Tests.Scenes;

/// <summary>A computer is copied, with its configuration and its directory, and both copies run.</summary>
public sealed class ClonedComputerTests
{
    /// <summary>Carol's computer is the copy of bob's.</summary>
    [Theory]
    [InlineData("bob", "carol")]
    [InlineData("carol", "bob")]
    public async Task TheSecondToPublishIsStoppedAndNothingIsLost(string first, string second)
    {
        using var scene = await Scene.StartAsync(computers: 3, members: 2);
        scene.Write("alice", "x.txt", "for all");
        await scene.RestAsync();
        await scene.StopAsync("bob");
        Clone(scene);
        scene.Start("bob");
        scene.Start("carol");
        await scene.BecomesAsync("bob", folder => folder is { State: "in-sync", Files: 1 });
        await scene.BecomesAsync("carol", folder => folder is { State: "in-sync", Files: 1 });

        scene.Write(first, "first.txt", "by the first");
        await scene.ScanAsync(first);
        await scene.BecomesAsync("alice", folder => folder is { State: "in-sync", Files: 2 });
        scene.Write(second, "second.txt", "by the second");
        var stopped = await scene.BecomesAsync(second, folder => folder.State == "stopped");
        stopped.Reason.ShouldNotBeNull().ShouldContain("Another computer publishes as bob");
        stopped.Reason.ShouldContain("recover");
        (await scene.RunAsync(second, "status")).ShouldExit(3).ShouldBeCalm().Output.ShouldContain("Another computer publishes as bob");

        scene.Write("alice", "x.txt", "goes on");
        scene.Write(first, "more.txt", "goes on");
        await scene.ScanAsync(first);
        await scene.BecomesAsync("alice", folder => folder is { State: "in-sync", Files: 3 });
        await scene.BecomesAsync(first, folder => folder is { State: "in-sync", Files: 3 });
        scene.Read(first, "x.txt").ShouldBe("goes on");
        scene.Read("alice", "first.txt").ShouldBe("by the first");
        scene.Read(second, "second.txt").ShouldBe("by the second");
        (await scene.FolderAsync(second)).State.ShouldBe("stopped");
        scene.ShouldBeCalm();
    }

    private static void Clone(Scene scene)
    {
        Directory.Delete(scene.At("carol"));
        Scene.Copy(scene.At("bob"), scene.At("carol"));
        Scene.Copy(scene.ConfigurationOf("bob"), scene.ConfigurationOf("carol"));
        string folder = Directory.GetFiles(scene.ConfigurationOf("carol"), "folder.json", SearchOption.AllDirectories).ShouldHaveSingleItem();
        // On another computer the path would be the same.
        File.WriteAllText(folder, File.ReadAllText(folder).Replace(scene.At("bob"), scene.At("carol"), StringComparison.Ordinal));
    }
}
