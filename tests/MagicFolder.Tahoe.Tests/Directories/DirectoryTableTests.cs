using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Tests.Directories;

public sealed class DirectoryTableTests
{
    private const string Write = "URI:SSK:fs6ul2fju2fvb2cfx7gt6ngycm:hncpinwszbggrurbvuaaexnftk3j5wfr7473pj2g734mo2isxlbq";
    private const string Read = "URI:SSK-RO:65ruo2zytr3uxnaxkptdoqkth4:hncpinwszbggrurbvuaaexnftk3j5wfr7473pj2g734mo2isxlbq";
    private static readonly WriteKey Key = WriteKey.From([.. Enumerable.Range(7, 16).Select(i => (byte)i)]);
    private static readonly DirectoryAuthority Writer = DirectoryAuthority.Writer(Key);
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250);

    [Fact]
    public void TheWorkedImmutableDirectoryComesOut()
    {
        var packed = DirectoryTable.Empty(DirectoryAuthority.Immutable).With(Child("a", "URI:LIT:")).Pack();
        Encoding.ASCII.GetString(packed).ShouldBe("23:1:a,8:URI:LIT:,0:,2:{},,");
        new DirectoryCap(new LiteralCap(packed)).ToUriString().ShouldBe("URI:DIR2-LIT:giztumj2mewdqosvkjetutcjkq5cymb2fqzdu635fqwa");
        DirectoryTable.Empty(DirectoryAuthority.Immutable).Pack().ShouldBeEmpty();
    }

    [Fact]
    public void WhatIsPackedIsReadAgainInAnyOrderOfItsMaking()
    {
        var names = Gen.Elements("a", "b", "", "café", "cafe\u0301", "Ab", "z\U0001f600", "z\uffee", "..", "x/y", "\u212b", "0", "long " + new string('n', 300));
        var caps = Gen.Elements(Write, Read, "URI:LIT:mfrgg", "URI:DIR2-LIT:", "ro.future", "imm.future", "URI:DIR2:" + Write[8..], "URI:MDMF:" + Write[8..]);
        var children = Gen.Zip(names, caps).ListOf();
        Prop.ForAll(children.ToArbitrary(), list =>
        {
            var table = list.Aggregate(DirectoryTable.Empty(Writer), (made, entry) => made.With(Child(entry.Item1, entry.Item2)));
            var expected = list.Select(entry => Child(entry.Item1, entry.Item2)).GroupBy(child => child.Name).Select(group => group.Last()).OrderBy(child => Encoding.UTF8.GetBytes(child.Name.Text), ByteOrder).ToArray();
            var packed = table.Pack();
            DirectoryTable.Parse(packed, Writer).Children.ShouldBe(expected);
            DirectoryTable.Parse(packed, Writer).Pack().ShouldBe(packed);
            DirectoryTable.Parse(packed, DirectoryAuthority.Reader).Children.ShouldBe(expected.Select(child => child with { Caps = child.Caps.ToReadOnly() }));
            Array.Reverse(expected);
            expected.Aggregate(DirectoryTable.Empty(Writer), (made, child) => made.With(child)).Pack().ShouldBe(packed);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void UnchangedEntriesArePackedByteForByteWhateverTheyHold()
    {
        byte[] strange = [.. Entry("e\u0301", "x-future:1   ", Field("x-future-write:2"), "{\"a\":1 }", tail: "fifth"), .. Entry("bad", "ro." + Write, Field(""), "{}"), .. Entry("plain", "URI:LIT:", [], "{}")];
        var table = DirectoryTable.Parse(strange, Writer);
        table.Skipped.ShouldHaveSingleItem().ShouldBe(new SkippedChild(ChildName.From("bad"), CapFault.MustBeReadOnly));
        table.Children.Select(child => child.Name.Text).ShouldBe(["plain", "é"]);
        var future = table.Find(ChildName.From("é"))!;
        future.Caps.Write!.ToUriString().ShouldBe("x-future-write:2");
        future.Caps.Read!.ToUriString().ShouldBe("ro.x-future:1");
        var changed = table.With(Child("new", "URI:LIT:")).Without(ChildName.From("plain")).Without(ChildName.From("absent")).Pack();
        foreach (var kept in new[] { Entry("e\u0301", "x-future:1   ", Field("x-future-write:2"), "{\"a\":1 }", tail: "fifth"), Entry("bad", "ro." + Write, Field(""), "{}") })
        {
            changed.AsSpan().IndexOf(kept).ShouldBeGreaterThanOrEqualTo(0);
        }

        changed.AsSpan().IndexOf("5:plain"u8).ShouldBe(-1);
    }

    [Fact]
    public void OfTwoSpellingsOfOneNameTheLaterCounts()
    {
        byte[] packed = [.. Entry("e\u0301", "URI:LIT:", [], "{}"), .. Entry("é", "URI:LIT:mfrgg", [], "{}")];
        var table = DirectoryTable.Parse(packed, Writer);
        table.Children.ShouldHaveSingleItem().Caps.Read!.ToUriString().ShouldBe("URI:LIT:mfrgg");
        table.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("1:a", DirectoryDamage.NotATable)]
    [InlineData("01:a,", DirectoryDamage.NotATable)]
    [InlineData("0:,", DirectoryDamage.NotATable)]
    [InlineData("9:1:a,0:,0:,,", DirectoryDamage.NotATable)]
    [InlineData("99999999999:x", DirectoryDamage.NotATable)]
    [InlineData("15:1:a,0:,0:,2:[],,", DirectoryDamage.BadMetadata)]
    [InlineData("14:1:a,0:,0:,1:{,,", DirectoryDamage.BadMetadata)]
    [InlineData("13:1:a,0:,0:,0:,,", DirectoryDamage.BadMetadata)]
    [InlineData("17:1:a,0:,0:,4:{} x,,", DirectoryDamage.BadMetadata)]
    [InlineData("15:1:\u00ff,0:,0:,2:{},,", DirectoryDamage.BadName)]
    [InlineData("18:1:a,0:,3:abc,2:{},,", DirectoryDamage.BadWriteField)]
    public void DamageHasItsReason(string packed, DirectoryDamage damage)
        => Should.Throw<DamagedDirectoryException>(() => DirectoryTable.Parse(Encoding.Latin1.GetBytes(packed), Writer)).Damage.ShouldBe(damage);

    [Fact]
    public void DeepMetadataIsRefusedBeforeTheStackEnds()
    {
        var json = string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_000);
        Should.Throw<DamagedDirectoryException>(() => DirectoryTable.Parse(Entry("a", "", [], json), Writer)).Damage.ShouldBe(DirectoryDamage.BadMetadata);
    }

    [Fact]
    public void AnImmutableDirectoryHoldsNothingThatCanChange()
    {
        var empty = DirectoryTable.Empty(DirectoryAuthority.Immutable);
        foreach (var cap in new[] { Write, Read, "URI:MDMF-RO:" + Read[11..], "URI:DIR2:" + Write[8..], "URI:DIR2-RO:" + Read[11..], "URI:SSK-Verifier:" + Read[11..] })
        {
            Should.Throw<ArgumentException>(() => empty.With(Child("a", cap)), cap);
        }

        empty.With(Child("a", "URI:DIR2-LIT:")).With(Child("b", "ro.future")).Children.Select(child => child.Caps.Read!.ToUriString()).ShouldBe(["URI:DIR2-LIT:", "imm.future"]);
        Encoding.ASCII.GetString(empty.With(Child("b", "ro.future")).Pack()).ShouldBe("21:1:b,6:future,0:,2:{},,");

        byte[] stored = [.. Entry("a", Read, [], "{}"), .. Entry("b", "future", [], "{}"), .. Entry("c", "URI:LIT:", [], "{}"), .. Entry("d", Write, [], "{}")];
        var table = DirectoryTable.Parse(stored, DirectoryAuthority.Immutable);
        table.Children.Select(child => child.Caps.Read!.ToUriString()).ShouldBe(["imm.future", "URI:LIT:"]);
        table.Skipped.ShouldBe([new SkippedChild(ChildName.From("a"), CapFault.MustBeDeepImmutable), new SkippedChild(ChildName.From("d"), CapFault.MustBeDeepImmutable)]);
        Should.Throw<DamagedDirectoryException>(() => DirectoryTable.Parse(Entry("a", "URI:LIT:", Field(""), "{}"), DirectoryAuthority.Immutable)).Damage.ShouldBe(DirectoryDamage.WriteFieldInImmutable);
        Should.Throw<InvalidOperationException>(() => table.Link(ChildName.From("x"), ChildCaps.None, null, Now));
    }

    /// <summary>What stands behind a second prefix must not come out as a cap that it was not.</summary>
    [Theory]
    [InlineData("ro.imm." + Read, "imm.ro.imm." + Read)]
    [InlineData("imm.ro." + Read, "imm.ro." + Read)]
    [InlineData("imm.imm.x", "imm.imm.x")]
    [InlineData("ro.x", "imm.x")]
    [InlineData("ro.", "imm.ro.")]
    public void PrefixesOfUnknownCapsInImmutableDirectoriesStayWhatTheyAre(string stored, string shown)
    {
        var table = DirectoryTable.Parse(Entry("a", stored, [], "{}"), DirectoryAuthority.Immutable);
        var child = table.Children.ShouldHaveSingleItem();
        child.Caps.Read.ShouldBe(new UnknownCap(shown));
        var again = DirectoryTable.Parse(DirectoryTable.Empty(DirectoryAuthority.Immutable).With(child).Pack(), DirectoryAuthority.Immutable);
        again.Children.ShouldBe([child]);
    }

    [Fact]
    public void WhoOnlyReadsChangesNothing()
    {
        var table = DirectoryTable.Parse(Entry("a", "URI:LIT:", Field(Write), "{}"), DirectoryAuthority.Reader);
        Should.Throw<InvalidOperationException>(() => table.With(Child("b", "URI:LIT:")));
        Should.Throw<InvalidOperationException>(() => table.Without(ChildName.From("a")));
    }

    /// <summary>The table of tahoe-capabilities, section 5. A hyphen stands for none, skip for a child that must not stand there.</summary>
    [Theory]
    [InlineData("", "", "-", "-")]
    [InlineData("", "new", "-", "ro.new")]
    [InlineData("", "ro.new", "-", "ro.new")]
    [InlineData("", "imm.new", "-", "imm.new")]
    [InlineData("new-rw", "", "skip", "MustNotBeUnknownWriteCap")]
    [InlineData("ro.new-rw", "", "-", "ro.new-rw")]
    [InlineData("imm.new-rw", "", "-", "imm.new-rw")]
    [InlineData("new-rw", "new", "new-rw", "ro.new")]
    [InlineData("new-rw", "ro.new", "new-rw", "ro.new")]
    [InlineData("new-rw", "imm.new", "skip", "MustBeDeepImmutable")]
    [InlineData(Write, Read, Write, Read)]
    [InlineData(Write, "", Write, Read)]
    [InlineData("", Write, Write, Read)]
    [InlineData("", "ro." + Write, "skip", "MustBeReadOnly")]
    [InlineData("", "imm." + Read, "skip", "MustBeDeepImmutable")]
    [InlineData("", "ro." + Read, "-", Read)]
    [InlineData("", "URI:SSK:broken", "skip", "Malformed")]
    [InlineData(Write + "   ", Read + " ", Write, Read)]
    public void CapsInAMutableDirectoryAreHeldToTheirPlaces(string rw, string ro, string write, string read)
    {
        var table = DirectoryTable.Parse(Entry("a", ro, Field(rw), "{}"), Writer);
        if (write == "skip")
        {
            table.Skipped.ShouldHaveSingleItem().Fault.ToString().ShouldBe(read);
            return;
        }

        var caps = table.Children.ShouldHaveSingleItem().Caps;
        (caps.Write?.ToUriString() ?? "-").ShouldBe(write);
        (caps.Read?.ToUriString() ?? "-").ShouldBe(read);
        caps.ToString().ShouldNotContain("fs6ul2");
    }

    [Fact]
    public void UnknownCapsAreTakenOnlyWithTheirPlace()
    {
        Should.Throw<ArgumentException>(() => ChildCaps.Of(new UnknownCap("new")));
        Should.Throw<ArgumentException>(() => ChildCaps.OfUnknown("new", null));
        ChildCaps.OfUnknown("new", "new-ro").Read!.ToUriString().ShouldBe("ro.new-ro");
        var packed = DirectoryTable.Empty(Writer).With(new DirectoryChild(ChildName.From("n"), ChildCaps.OfUnknown(null, "new-ro"), ChildMetadata.Empty)).Pack();
        packed.AsSpan().IndexOf("6:new-ro,"u8).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void NamesThatAreNotUnicodeAreAProgrammersMistake() => Should.Throw<ArgumentException>(() => ChildName.From("a\ud800"));

    [Fact]
    public void ALinkKeepsTheRecordOfWhenTheNameWasFirstLinked()
    {
        var name = ChildName.From("a");
        var caps = ChildCaps.Of(Cap.Parse(Write));
        var table = DirectoryTable.Empty(Writer).Link(name, caps, ChildMetadata.Parse("""{"x": 1, "tahoe": {"linkcrtime": 5}}"""), Now);
        Json(table).ShouldBe("""{"x": 1, "tahoe": {"linkcrtime": 1700000000.25, "linkmotime": 1700000000.25}}""");
        table = table.Link(name, caps, null, Now.AddSeconds(0.75));
        Json(table).ShouldBe("""{"x": 1, "tahoe": {"linkcrtime": 1700000000.25, "linkmotime": 1700000001.0}}""");
        table = table.Link(name, caps, ChildMetadata.Parse("""{"no-write": true}"""), Now.AddSeconds(2));
        Json(table).ShouldBe("""{"no-write": true, "tahoe": {"linkcrtime": 1700000000.25, "linkmotime": 1700000002.25}}""");
        table.Find(name)!.Caps.Write.ShouldBeNull();
        table.Find(name)!.Caps.Read!.ToUriString().ShouldBe(Read);

        var old = DirectoryTable.Parse(Entry("a", Read, Field(""), """{"ctime": 17.5, "é": "\ud800"}"""), Writer);
        Json(old.Link(name, caps, null, Now)).ShouldBe("""{"ctime": 17.5, "é": "\ud800", "tahoe": {"linkcrtime": 17.5, "linkmotime": 1700000000.25}}""");
        ChildMetadata.Empty.With("mtime", 1002777696.7).With("mtime", 2).Json.ToArray().ShouldBe("""{"mtime": 2.0}"""u8.ToArray());

        static string Json(DirectoryTable made) => Encoding.UTF8.GetString(made.Find(ChildName.From("a"))!.Metadata.Json.Span);
    }

    private static Comparer<byte[]> ByteOrder { get; } = Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));

    private static DirectoryChild Child(string name, string cap) => new(ChildName.From(name), ChildCaps.Of(Cap.Parse(cap)), ChildMetadata.Empty);

    private static byte[] Field(string cap) => WriteField.Encrypt(Key, Encoding.UTF8.GetBytes(cap));

    private static byte[] Entry(string name, string ro, byte[] field, string json, string tail = "")
        => Wrap([.. Wrap(Encoding.UTF8.GetBytes(name)), .. Wrap(Encoding.UTF8.GetBytes(ro)), .. Wrap(field), .. Wrap(Encoding.UTF8.GetBytes(json)), .. Encoding.UTF8.GetBytes(tail)]);

    private static byte[] Wrap(byte[] value)
    {
        var netstring = new byte[Netstring.EncodedLength(value.Length)];
        Netstring.Write(value, netstring);
        return netstring;
    }
}
