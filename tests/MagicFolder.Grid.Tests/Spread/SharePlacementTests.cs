using MagicFolder.Grid.Placement;

namespace MagicFolder.Grid.Tests.Spread;

public sealed class SharePlacementTests
{
    [Fact]
    public void SharesGoToOneServerEachInOrder() => SharePlacement.Plan(Servers("", "", "", "", ""), 5).ShouldBe([0, 1, 2, 3, 4]);

    [Fact]
    public void MoreSharesThanServersAreSpreadEvenly()
    {
        var plan = SharePlacement.Plan(Servers("", "", ""), 8);
        plan.ShouldAllBe(server => server >= 0);
        plan.GroupBy(server => server).Select(group => group.Count()).Max().ShouldBe(3);
    }

    [Fact]
    public void FewerSharesThanServersGoToTheFirst() => SharePlacement.Plan(Servers("", "", "", ""), 2).ShouldBe([0, 1]);

    [Fact]
    public void WhatServersHoldStaysWithThem() => SharePlacement.Plan(Servers("2", "", "0", ""), 4).ShouldBe([2, 1, 0, 3]);

    [Fact]
    public void AServerThatHoldsAllGetsToKeepTheOneThatOthersDoNotHave() => SharePlacement.Plan(Servers("0 1 2", "0", "1"), 3).ShouldBe([1, 2, 0]);

    [Fact]
    public void AServerThatTakesNothingIsLeftAlone()
    {
        var servers = Servers("", "", "");
        servers[1].TakesShares = false;
        SharePlacement.Plan(servers, 3).ShouldBe([0, 2, 0]);
        servers[1].Held.Add(2);
        SharePlacement.Plan(servers, 3).ShouldBe([0, 2, 1]);
    }

    [Fact]
    public void AShareWhosePlaceIsTakenGoesElsewhereAndEveryServerStillHasOne()
    {
        var servers = Servers("0", "1", "");
        servers[2].Blocked.Add(2);
        var plan = SharePlacement.Plan(servers, 3);
        plan[2].ShouldNotBe(2);
        plan.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void WhereNobodyTakesAShareItHasNoHome()
    {
        var servers = Servers("0");
        servers[0].Blocked.Add(1);
        SharePlacement.Plan(servers, 2).ShouldBe([0, -1]);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "0 1 2 3 4")]
    [InlineData(1, "0", "0", "0")]
    [InlineData(2, "0 1", "0", "0")]
    [InlineData(3, "0 1", "0", "0 2")]
    [InlineData(5, "0", "1", "2", "3", "4")]
    [InlineData(2, "0", "1", "1", "7")]
    public void HappinessIsHowManyServersHaveAShareOfTheirOwn(int happiness, params string[] held) =>
        SharePlacement.Happiness(Servers(held), 5).ShouldBe(happiness);

    [Fact]
    public void HappinessIsTheGreatestMatchingForSmallGridsOfAnyKind()
    {
        var random = new Random(5);
        for (var round = 0; round < 2000; round++)
        {
            var servers = Enumerable.Range(0, random.Next(1, 6)).Select(_ => new ServerHoldings()).ToArray();
            foreach (var server in servers)
            {
                server.Held.UnionWith(Enumerable.Range(0, 5).Where(_ => random.Next(3) == 0));
            }

            SharePlacement.Happiness(servers, 5).ShouldBe(Best(servers, 0, []));
        }
    }

    private static int Best(ServerHoldings[] servers, int from, HashSet<int> taken) => from == servers.Length ? 0 : servers[from].Held
        .Where(share => !taken.Contains(share))
        .Select(share => 1 + Best(servers, from + 1, [.. taken, share]))
        .Append(Best(servers, from + 1, taken))
        .Max();

    private static ServerHoldings[] Servers(params string[] held) =>
    [
        .. held.Select(numbers =>
        {
            var server = new ServerHoldings();
            server.Held.UnionWith(numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
            return server;
        }),
    ];
}
