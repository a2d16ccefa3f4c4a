namespace MagicFolder.EndToEnd.Tests.Scenes;

/// <summary>An older copy of the grid directory is put in its place.</summary>
public sealed class RolledBackGridTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoeverKnewBetterPublishesAgainAndNothingIsLost(bool isDaemonsRunning)
    {
        using var scene = await Scene.StartAsync(computers: 2);
        scene.Write("alice", "old.txt", "old");
        await scene.RestAsync();
        Scene.Copy(scene.Grid, scene.Grid + ".old");
        scene.Write("alice", "old.txt", "edited since");
        scene.Write("alice", "of-alice.txt", new string('a', 100_000));
        await scene.RestAsync();
        scene.Write("bob", "of-bob.txt", new string('b', 100_000));
        await scene.RestAsync();

        if (!isDaemonsRunning) foreach (string name in (string[])["alice", "bob"]) await scene.StopAsync(name);
        RollBack(scene);
        if (!isDaemonsRunning) foreach (string name in (string[])["alice", "bob"]) scene.Start(name);
        await scene.RestAsync();
        scene.Read("bob", "old.txt").ShouldBe("edited since");
        scene.Count("alice").ShouldBe(3);
        (await scene.RunAsync("alice", "check", "--folder", "shared")).ShouldExit(0).ShouldBeCalm();
        scene.ShouldBeCalm();
    }

    [Fact]
    public async Task WhoeverIsOnSaysWhatIsMissingOfTheOthersUntilTheyAreBack()
    {
        using var scene = await Scene.StartAsync(computers: 4, members: 2);
        await scene.InitializeAsync("carol");
        Scene.Copy(scene.Grid, scene.Grid + ".old");
        await scene.JoinAsync("carol");
        scene.Write("alice", "of-alice.txt", "alice");
        await scene.RestAsync();
        scene.Write("bob", "of-bob.txt", "bob");
        await scene.RestAsync();
        foreach (string name in (string[])["alice", "bob"]) await scene.StopAsync(name);

        RollBack(scene);
        var told = await scene.BecomesAsync("carol", folder => folder.Problems.Any(problem => problem.Path == "bob"));
        told.Problems.Single(problem => problem.Path == "bob").Reason.ShouldContain("it was rolled back");
        (await scene.RunAsync("carol", "status")).ShouldExit(3).ShouldBeCalm().Output.ShouldContain("it was rolled back");
        scene.Write("carol", "of-carol.txt", "carol");
        await scene.ScanAsync("carol");
        foreach (string name in (string[])["alice", "bob"]) scene.Start(name);

        await scene.RestAsync();
        scene.Count("alice").ShouldBe(3);
        (await scene.RunAsync("bob", "check", "--folder", "shared")).Output.ShouldContain("3 participants");
        await scene.InitializeAsync("dave");
        await scene.JoinAsync("dave");
        await scene.RestAsync();
        scene.Count("dave").ShouldBe(3);
        scene.ShouldBeCalm();
    }

    private static void RollBack(Scene scene)
    {
        Directory.Move(scene.Grid, scene.Grid + ".new");
        Directory.Move(scene.Grid + ".old", scene.Grid);
    }
}
