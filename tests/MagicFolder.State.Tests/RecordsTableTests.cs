using System.Text;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State.Tests.Support;

namespace MagicFolder.State.Tests;

public sealed class RecordsTableTests : IDisposable
{
    private readonly ParticipantDatabase _state = ParticipantDatabase.OpenInMemory(nameof(RecordsTableTests));

    public void Dispose() => _state.Dispose();

    public static TheoryData<string> Kinds => ["file", "directory", "symlink", "implied", "racy", "root"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ARecordComesBackAsItWasPut(string kind)
    {
        var file = Sample.Record("a/ü 漢/c", 3);
        var record = kind switch
        {
            "file" => file with { Dots = Sample.Dots(1, 2, 3) },
            "directory" => file with { Value = EntryValue.Directory(-1, 0xFFF) },
            "symlink" => file with { Value = EntryValue.Symlink("../somewhere/ünd 😀", 17) },
            "implied" => file with { Value = EntryValue.Directory(0, 0), Dots = [], Implied = true, Signature = default },
            "racy" => file with { Racy = true },
            _ => file with { Path = RelativePath.Root },
        };
        _state.Records.Put(record);
        _state.Records.Find(record.Path).ShouldMatch(record);
    }

    [Fact]
    public void AHundredDotsComeBack()
    {
        var record = Sample.Record("a") with { Dots = Sample.Dots([.. Enumerable.Range(1, 100)]) };
        _state.Records.Put(record);
        _state.Records.Find(record.Path).ShouldMatch(record);
    }

    [Fact]
    public void PuttingAgainReplacesAndRemovingRemoves()
    {
        _state.Records.Put(Sample.Record("a", 1));
        _state.Records.Put(Sample.Record("a", 2));
        _state.Records.Find(Sample.Path("a")).ShouldMatch(Sample.Record("a", 2));
        _state.Records.WithContent(Sample.Blob(1), 10).ShouldBeEmpty();
        _state.Records.Remove(Sample.Path("a"));
        _state.Records.Remove(Sample.Path("a"));
        _state.Records.Find(Sample.Path("a")).ShouldBeNull();
        _state.Records.Count().ShouldBe(0);
    }

    [Fact]
    public void WhatMovesKeepsAllButItsPathAndItsDots()
    {
        string[] inside = ["d/a", "d/b/c", "d/ü 漢"];
        foreach (string path in (string[])[.. inside, "d", "d.x", "d/z", "e"]) _state.Records.Put(Sample.Record(path, path.Length) with { Racy = path == "d/a" });
        _state.Records.Put(Sample.Record("d/b", 9) with { Value = EntryValue.Directory(5, 0x1ED) });
        using (var transaction = _state.Begin())
        {
            _state.Records.Find(Sample.Path("d/a")).ShouldNotBeNull();
            _state.Records.WithContent(Sample.Blob(99), 1).ShouldBeEmpty();
            _state.Records.Move(Sample.Path("d"), Sample.Path("n/w"), Sample.Path("d/a"), Sample.Path("d/ü 漢"), Sample.Dots(7)).ShouldBe(4);
            transaction.Commit();
        }
        _state.Records.All().Select(record => record.Path.ToString()).ShouldBe(["d", "d/b", "d.x", "e", "n/w/a", "n/w/b/c", "n/w/z", "n/w/ü 漢"]);
        foreach (string path in inside)
            _state.Records.Find(Sample.Path("n/w" + path[1..])).ShouldMatch(Sample.Record("n/w" + path[1..], path.Length) with { Dots = Sample.Dots(7), Racy = path == "d/a" });
        _state.Records.Racy().ShouldHaveSingleItem().Path.ShouldBe(Sample.Path("n/w/a"));
        _state.Records.WithContent(Sample.Blob("d/b/c".Length), 10).ShouldContain(record => record.Path == Sample.Path("n/w/b/c"));
    }

    [Fact]
    public void RecordsAscendInTheOrderOfRelativePath()
    {
        var random = new Random(20150501);
        string[] letters = ["a", "b", "A", "-", ".", "!", " ", "\u0001", "0", "é", "漢", "😀", "\uFFFD", "~"];
        var paths = new HashSet<RelativePath>();
        while (paths.Count < 2000)
        {
            var text = new StringBuilder();
            for (int depth = random.Next(1, 5); depth > 0; depth--)
            {
                for (int length = random.Next(1, 4); length > 0; length--) text.Append(letters[random.Next(letters.Length)]);
                text.Append('/');
            }
            if (RelativePath.TryParse(Encoding.UTF8.GetBytes(text.ToString(0, text.Length - 1)), out var path, out _)) paths.Add(path);
        }
        using (var transaction = _state.Begin())
        {
            foreach (var path in paths) _state.Records.Put(new MaterializedRecord(path, Sample.Dots(1), Sample.File(1), Sample.Signature(1)));
            transaction.Commit();
        }

        var sorted = paths.Order().ToList();
        _state.Records.All().Select(r => r.Path).ShouldBe(sorted);
        foreach (var directory in sorted.Select(p => p.Parent).Distinct().Take(200))
        {
            _state.Records.Under(directory).Select(r => r.Path).ShouldBe(sorted.Where(p => p.IsUnder(directory)));
            _state.Records.AnyUnder(directory).ShouldBeTrue();
        }
    }

    [Fact]
    public void UnderADirectoryIsOnlyWhatIsInIt()
    {
        foreach (string path in new[] { "a", "a/b", "a/b/c", "a.txt", "a!", "ab", "b" }) _state.Records.Put(Sample.Record(path));
        _state.Records.Under(Sample.Path("a")).Select(r => r.Path.ToString()).ShouldBe(["a/b", "a/b/c"]);
        _state.Records.Under(RelativePath.Root).Count().ShouldBe(7);
        _state.Records.AnyUnder(Sample.Path("a/b")).ShouldBeTrue();
        _state.Records.AnyUnder(Sample.Path("a/b/c")).ShouldBeFalse();
        _state.Records.AnyUnder(Sample.Path("ab")).ShouldBeFalse();
    }

    [Fact]
    public void TheTableMayBeWrittenWhileItIsStreamed()
    {
        const int Count = (3 * PathWalk<MaterializedRecord>.PageSize) + 7;
        using var transaction = _state.Begin();
        for (int i = 0; i < Count; i++) _state.Records.Put(Sample.Record($"f{i:D5}"));

        int seen = 0;
        foreach (var record in _state.Records.All())
        {
            record.Path.Name.ShouldBe($"f{seen:D5}");
            _state.Records.Remove(record.Path);
            _state.Records.Put(Sample.Record($"e{seen:D5}"));
            _state.Records.Find(Sample.Path($"e{seen:D5}")).ShouldNotBeNull();
            seen++;
        }
        seen.ShouldBe(Count);
        transaction.Commit();
        _state.Records.Count().ShouldBe(Count);
        _state.Records.All().First().Path.Name.ShouldBe("e00000");
    }

    [Fact]
    public void TwoStreamsOfOneTableDoNotDisturbEachOther()
    {
        using (var transaction = _state.Begin())
        {
            for (int i = 0; i < 1100; i++) _state.Records.Put(Sample.Record($"f{i:D5}"));
            transaction.Commit();
        }
        _state.Records.All().Zip(_state.Records.All()).Count(pair => pair.First.Path == pair.Second.Path).ShouldBe(1100);
    }

    [Fact]
    public void FilesAreFoundByTheirContent()
    {
        foreach (string path in new[] { "c", "a", "b" }) _state.Records.Put(Sample.Record(path, 5));
        _state.Records.Put(Sample.Record("other", 6));
        _state.Records.Put(Sample.Record("d") with { Value = EntryValue.Directory(0, 0) });
        _state.Records.WithContent(Sample.Blob(5), 10).Select(r => r.Path.Name).ShouldBe(["a", "b", "c"]);
        _state.Records.WithContent(Sample.Blob(5), 2).Select(r => r.Path.Name).ShouldBe(["a", "b"]);
        _state.Records.WithContent(default, 10).ShouldBeEmpty();
    }

    [Fact]
    public void TotalsAndRacyRecordsAreCounted()
    {
        _state.Records.Totals().ShouldBe(default);
        _state.Records.Put(Sample.Record("a", 1));
        _state.Records.Put(Sample.Record("b", 2) with { Racy = true });
        _state.Records.Put(Sample.Record("d") with { Value = EntryValue.Directory(0, 0), Implied = true, Dots = [] });
        _state.Records.Put(Sample.Record("l") with { Value = EntryValue.Symlink("a", 0), Racy = true });
        _state.Records.Totals().ShouldBe(new RecordTotals(2, 1, 1, 2003));
        _state.Records.Count().ShouldBe(4);
        _state.Records.Racy().Select(r => r.Path.Name).ShouldBe(["b", "l"]);
        _state.Records.Put(Sample.Record("b", 2));
        _state.Records.Racy().Select(r => r.Path.Name).ShouldBe(["l"]);
    }
}
