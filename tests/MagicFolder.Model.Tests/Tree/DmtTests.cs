using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tests.Tree;

public sealed class DmtTests
{
    private readonly MemoryNodeStore _store = new();

    [Fact]
    public void TheEmptyTreeHasTheConstantRoot()
    {
        var empty = Dmt.Empty(_store);
        empty.Root.ShouldBe(Dmt.EmptyRoot);
        empty.IsEmpty.ShouldBeTrue();
        empty.Items().ShouldBeEmpty();
        empty.Find(Some.Path("a")).ShouldBeNull();
        empty.HasDescendants(RelativePath.Root).ShouldBeFalse();
        empty.Summary.ShouldBe(default);
        _store.Contains(Dmt.EmptyRoot).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(3000)]
    public void ATreeHoldsWhatWasPutIn(int count)
    {
        var random = new Random(count);
        var map = Some.RandomMap(random, count);
        var tree = Some.Tree(_store, map);

        tree = Dmt.Open(_store.Fresh(), tree.Root);
        tree.Items().ShouldBe(map.Select(pair => new DmtItem(pair.Key, pair.Value)));
        foreach (var (path, entry) in map) tree.Find(path).ShouldBe(entry);
        for (int i = 0; i < 100; i++)
        {
            var path = Some.RandomPath(random, count);
            tree.Find(path).ShouldBe(map.GetValueOrDefault(path));
            tree.HasDescendants(path).ShouldBe(map.Keys.Any(p => p.IsUnder(path)));
            tree.ItemsUnder(path).Select(item => item.Path).ShouldBe(map.Keys.Where(p => p.IsUnder(path)));
        }
        tree.ItemsUnder(RelativePath.Root).Count().ShouldBe(map.Count);
        tree.HasDescendants(RelativePath.Root).ShouldBeTrue();
    }

    [Fact]
    public void TheRootDependsOnContentAloneNeverOnTheOrderOfEdits()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var map = Some.RandomMap(random, 1 << random.Next(1, 11));
            var want = Some.Tree(_store, map).Root;

            // Starts from other content, and reaches the map in random batches with detours.
            var other = Some.RandomMap(random, random.Next(1, 500));
            var tree = Some.Tree(_store, other);
            var held = new SortedDictionary<RelativePath, Entry>(other);
            var paths = map.Keys.Concat(other.Keys).Distinct().ToArray();
            random.Shuffle(paths);
            foreach (var batch in paths.Chunk(random.Next(1, 200)))
            {
                var edits = batch.Order().Select(path => new DmtEdit(path, random.Next(3) == 0 ? Some.RandomEntry(random) : map.GetValueOrDefault(path))).ToList();
                tree = Apply(tree, held, edits);
            }
            tree = Apply(tree, held, [.. held.Keys.Concat(map.Keys).Distinct().Order().Select(path => new DmtEdit(path, map.GetValueOrDefault(path)))]);
            tree.Root.ShouldBe(want, $"seed {seed}");
        }
    }

    [Fact]
    public void EverySingleEditLeadsToTheTreeBuiltAtOnce()
    {
        var random = new Random(7);
        var map = new SortedDictionary<RelativePath, Entry>();
        var tree = Dmt.Empty(_store);
        for (int i = 0; i < 1500; i++)
        {
            // Grows, then shrinks to nothing.
            var path = i < 750 || map.Count == 0 ? Some.RandomPath(random, 300) : map.Keys.ElementAt(random.Next(map.Count));
            tree = Apply(tree, map, [new DmtEdit(path, i < 750 ? Some.RandomEntry(random) : null)]);
            if (i % 10 == 0) tree.Root.ShouldBe(Some.Tree(_store, map).Root, $"after edit {i}");
        }
        while (map.Count > 0) tree = Apply(tree, map, [new DmtEdit(map.Keys.First(), null)]);
        tree.Root.ShouldBe(Dmt.EmptyRoot);
    }

    [Fact]
    public void EditsThatChangeNothingKeepTheRoot()
    {
        var map = Some.RandomMap(new Random(1), 2000);
        var tree = Some.Tree(_store, map);
        tree.With(map.Select(pair => new DmtEdit(pair.Key, pair.Value))).Root.ShouldBe(tree.Root);
        tree.With(Some.Remove("no such path")).Root.ShouldBe(tree.Root);
        tree.With([]).Root.ShouldBe(tree.Root);
    }

    [Fact]
    public void LongPathsAndManyVersionsAreCutBySizeAndStillCanonical()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            var map = new SortedDictionary<RelativePath, Entry>();
            for (int i = 0; i < 300; i++)
            {
                var siblings = Enumerable.Range(1, random.Next(1, 200)).Select(n => new Sibling(Some.Dot(n % 5, n), Some.RandomValue(random)));
                map[Some.Path($"{random.Next(1000)}{new string('x', 900)}/{new string('y', random.Next(1, 1000))}/{i}")] = Entry.From(siblings)!;
            }
            var want = Some.Tree(_store, map);
            var tree = Dmt.Empty(_store);
            var paths = map.Keys.ToArray();
            random.Shuffle(paths);
            foreach (var batch in paths.Chunk(50)) tree = tree.With(batch.Order().Select(path => new DmtEdit(path, map[path])));
            tree.Root.ShouldBe(want.Root, $"seed {seed}");
            Dmt.Verify(_store, tree.Root, _ => false);
        }
        _store.Nodes.Values.Max(bytes => bytes.Length).ShouldBeLessThan(100_000);
    }

    [Fact]
    public void TheSummaryCountsEntriesByTheirGreatestDot()
    {
        var tree = Dmt.Empty(_store).With([
            Some.Put("a", 5),
            new DmtEdit(Some.Path("b"), Entry.Of(Some.Dot(1, 1), EntryValue.Directory(0, 0x1ED))),
            new DmtEdit(Some.Path("b/c"), Entry.From([new(Some.Dot(1, 1), Some.File(100)), new(Some.Dot(2, 2), EntryValue.Symlink("x", 0))])),
            new DmtEdit(Some.Path("d"), Entry.From([new(Some.Dot(1, 1), Some.File(7)), new(Some.Dot(2, 2), Some.File(7))])),
        ]);
        tree.Summary.ShouldBe(new DmtSummary(Files: 2, Directories: 1, Symlinks: 1, Conflicts: 1, Bytes: 12));
        tree.Summary.Entries.ShouldBe(4);
    }

    [Fact]
    public void TheSummaryOfAHighTreeIsThatOfItsItems()
    {
        var map = Some.RandomMap(new Random(3), 5000);
        var want = map.Values.Aggregate(default(DmtSummary), (sum, entry) => sum + DmtSummary.Of(entry));
        Some.Tree(_store, map).Summary.ShouldBe(want);
        want.Bytes.ShouldBe(long.MaxValue);
    }

    [Fact]
    public void WrongEditsAreRefused()
    {
        var tree = Dmt.Empty(_store);
        Should.Throw<ArgumentException>(() => tree.With([Some.Put("b", 1), Some.Put("a", 1)]));
        Should.Throw<ArgumentException>(() => tree.With([Some.Put("a", 1), Some.Put("a", 1)]));
        Should.Throw<ArgumentException>(() => tree.With(Some.Put(".magic-folder/x", 1)));
        Should.Throw<ArgumentException>(() => tree.With(new DmtEdit(RelativePath.Root, Some.Entry(1))));
        var many = Entry.From(Enumerable.Range(1, 1025).Select(n => new Sibling(Some.Dot(1, n), Some.File(n))));
        Should.Throw<ArgumentException>(() => tree.With(new DmtEdit(Some.Path("a"), many)));
    }

    [Fact]
    public void AMissingNodeIsNamed()
    {
        var tree = Dmt.Open(_store, Some.Content(1));
        Should.Throw<MissingNodeException>(() => tree.Find(Some.Path("a"))).Id.ShouldBe(Some.Content(1));
    }

    [Fact]
    public void AnEditOfALargeTreeReadsAndWritesFewNodes()
    {
        var tree = Dmt.Empty(_store).With(Enumerable.Range(0, 100_000).Select(i => new DmtEdit(Some.Path(i), Some.Entry(i))));
        var random = new Random(2);
        for (int i = 0; i < 60; i++)
        {
            var store = _store.Fresh();
            int number = random.Next(100_000);
            Dmt.Open(store, tree.Root).With(new DmtEdit(Some.Path(number), i % 2 == 0 ? null : Some.Entry(-1)));
            // Three levels, and the neighbours where a boundary goes away.
            store.Loads.ShouldBeLessThanOrEqualTo(8);
            store.Saves.ShouldBeLessThanOrEqualTo(8);
        }
    }

    private static Dmt Apply(Dmt tree, SortedDictionary<RelativePath, Entry> map, List<DmtEdit> edits)
    {
        foreach (var (path, entry) in edits)
        {
            if (entry is null) map.Remove(path);
            else map[path] = entry;
        }
        return tree.With(edits);
    }
}
