namespace MagicFolder.EndToEnd.Tests.Scenes;

/// <summary>A third of a folder is deleted at once (docs/decisions/0005-deletion-guard.md).</summary>
public sealed class DeletedAtOnceTests
{
    private const int Files = 200;
    private const int Deleted = 60;

    [Fact]
    public async Task ItIsHeldBackOnEveryComputerUntilItIsConfirmedThere()
    {
        using var scene = await Scene.StartAsync(computers: 2);
        for (int i = 0; i < Files; i++) scene.Write("alice", $"{(i < Deleted ? "gone" : "kept")}/{i}.txt", $"content {i}");
        await scene.RestAsync();

        Directory.Move(scene.At("alice", "gone"), scene.At("alice") + ".bin");
        await HoldsAsync(scene, "alice");
        scene.Write("alice", "new.txt", "new");
        await scene.BecomesAsync("bob", folder => folder is { State: "in-sync", Files: Files + 1 });
        scene.Count("bob").ShouldBe(Files + 1);

        (await scene.RunAsync("alice", "confirm", "--folder", "shared")).ShouldExit(0).ShouldBeCalm();
        await scene.BecomesAsync("alice", folder => folder is { State: "in-sync", Files: Files + 1 - Deleted });
        await HoldsAsync(scene, "bob");
        scene.Write("bob", "of-bob.txt", "goes on");
        await scene.BecomesAsync("alice", folder => folder is { State: "in-sync", Files: Files + 2 - Deleted });
        scene.Count("bob").ShouldBe(Files + 2);

        (await scene.RunAsync("bob", "confirm", "--folder", "shared")).ShouldExit(0).ShouldBeCalm();
        await scene.BecomesAsync("bob", folder => folder is { State: "in-sync", Files: Files + 2 - Deleted });
        scene.Count("alice").ShouldBe(Files + 2 - Deleted);
        await scene.RestAsync();
        scene.ShouldBeCalm();
    }

    private static async Task HoldsAsync(Scene scene, string name)
    {
        var held = await scene.BecomesAsync(name, folder => folder.State == "stopped");
        held.Reason.ShouldNotBeNull().ShouldContain($"{Deleted + 1} of ");
        held.Reason.ShouldContain("magic-folder confirm");
        // It stays so when the grid is asked for news.
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        (await scene.RunAsync(name, "status")).ShouldExit(3).ShouldBeCalm().Output.ShouldContain("deletion guard");
    }
}
