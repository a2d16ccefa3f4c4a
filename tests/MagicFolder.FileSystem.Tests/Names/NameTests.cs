using System.Text;
using MagicFolder.FileSystem.Names;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests.Names;

public sealed class NameTests
{
    [Theory]
    [InlineData("a/b c", NameFault.None, NameFault.None, NameFault.None)]
    [InlineData(".magic-folder/x", NameFault.Reserved, NameFault.Reserved, NameFault.Reserved)]
    [InlineData("a:b", NameFault.None, NameFault.Character, NameFault.Character)]
    [InlineData("a\\b", NameFault.None, NameFault.Character, NameFault.None)]
    [InlineData("what?", NameFault.None, NameFault.Character, NameFault.None)]
    [InlineData("tab\t", NameFault.None, NameFault.Character, NameFault.None)]
    [InlineData("nul", NameFault.None, NameFault.DeviceName, NameFault.None)]
    [InlineData("d/Com1.tar.gz", NameFault.None, NameFault.DeviceName, NameFault.None)]
    [InlineData("NUL .txt", NameFault.None, NameFault.DeviceName, NameFault.None)]
    [InlineData("COM10", NameFault.None, NameFault.None, NameFault.None)]
    [InlineData("nullable", NameFault.None, NameFault.None, NameFault.None)]
    [InlineData("end.", NameFault.None, NameFault.TrailingDotOrSpace, NameFault.None)]
    [InlineData("end /x", NameFault.None, NameFault.TrailingDotOrSpace, NameFault.None)]
    public void SystemsDifferInWhatTheyHold(string path, NameFault linux, NameFault windows, NameFault mac)
    {
        NameRules.Check(P(path), HostNames.Linux).ShouldBe(linux);
        NameRules.Check(P(path), HostNames.Windows).ShouldBe(windows);
        NameRules.Check(P(path), HostNames.MacOS).ShouldBe(mac);
    }

    [Fact]
    public void LengthsAreCountedInTheSystemsOwnUnits()
    {
        var bytes255 = P(new string('é', 127) + "x");
        var bytes256 = P(new string('é', 128));
        NameRules.Check(bytes255, HostNames.Linux).ShouldBe(NameFault.None);
        NameRules.Check(bytes256, HostNames.Linux).ShouldBe(NameFault.NameTooLong);
        NameRules.Check(bytes256, HostNames.Windows).ShouldBe(NameFault.None);
        NameRules.Check(P(string.Join('/', Enumerable.Repeat(new string('x', 200), 5))), HostNames.MacOS, 30).ShouldBe(NameFault.PathTooLong);
        NameRules.ToProblem(bytes256, NameFault.NameTooLong).ShouldNotBeNull();
        NameRules.ToProblem(bytes255, NameFault.None).ShouldBeNull();
    }

    [Theory]
    [InlineData("report.docx", "alice", "report.conflict-alice.docx")]
    [InlineData("a/b/report", "alice", "a/b/report.conflict-alice")]
    [InlineData(".bashrc", "alice", ".bashrc.conflict-alice")]
    [InlineData(".config.json", "alice", ".config.conflict-alice.json")]
    [InlineData("a.tar.gz", "alice", "a.tar.conflict-alice.gz")]
    [InlineData("end.", "alice", "end..conflict-alice")]
    [InlineData("..x", "alice", "..x.conflict-alice")]
    [InlineData("f", "../../etc/passwd", "f.conflict-_.._etc_passwd")]
    [InlineData("f", "a\nb\u202Ec", "f.conflict-a_b_c")]
    [InlineData("f", "...", "f.conflict-someone")]
    [InlineData("f", "", "f.conflict-someone")]
    [InlineData("f", "Zoë \U0001F600", "f.conflict-Zoë \U0001F600")]
    [InlineData(".git", "alice", ".magic-folder/conflicts/.git.conflict-alice")]
    [InlineData(".git/refs/heads/main", "alice", ".magic-folder/conflicts/.git_refs_heads_main.conflict-alice")]
    [InlineData("code/.git/index", "alice", ".magic-folder/conflicts/code_.git_index.conflict-alice")]
    [InlineData(".gitignore", "alice", ".gitignore.conflict-alice")]
    public void ASiblingStandsBesideItsPath(string main, string petname, string expected) =>
        ConflictNames.Choose(P(main), petname, _ => false).ToString().ShouldBe(expected);

    [Fact]
    public void TakenNamesAreNumbered()
    {
        var taken = new HashSet<RelativePath> { P("report.conflict-alice.docx"), P("report.conflict-alice-2.docx") };
        ConflictNames.Choose(P("report.docx"), "alice", taken.Contains).ToString().ShouldBe("report.conflict-alice-3.docx");
    }

    [Fact]
    public void LongNamesAreShortenedAtACharacter()
    {
        foreach (var stem in new[] { new string('x', 251), new string('é', 125), string.Concat(Enumerable.Repeat("\U0001F600", 62)) })
        {
            var chosen = ConflictNames.Choose(P($"d/{stem}.txt"), new string('p', 300), _ => false);
            chosen.NameUtf8.Length.ShouldBeLessThanOrEqualTo(255);
            chosen.NameUtf8.Length.ShouldBeGreaterThan(245);
            Encoding.UTF8.GetString(chosen.NameUtf8).ShouldNotContain("\uFFFD");
            chosen.Name.ShouldEndWith(".txt");
            chosen.Parent.ShouldBe(P("d"));
        }
    }

    [Fact]
    public void APathWithoutRoomForALongerNameGoesAside()
    {
        var main = P(string.Join('/', Enumerable.Repeat(new string('x', 255), 15)) + $"/{new string('y', 100)}/{new string('z', 150)}");
        ConflictNames.Choose(main, "alice", _ => false).IsReserved.ShouldBeTrue();
    }

    [Theory]
    [InlineData("d/x.txt", "d/x.conflict-bob.txt")]
    [InlineData(".git/x", ".git_x.conflict-bob")]
    [InlineData("d/.git/refs/.git/x.txt", "d/.git_refs_.git_x.conflict-bob.txt")]
    [InlineData("d/.git", "d/.git.conflict-bob")]
    public void WhatIsToBeSeenStandsWhereScansLook(string main, string chosen) => ConflictNames.ChooseSeen(P(main), "bob", _ => false).ShouldBe(P(chosen));

    [Fact]
    public void WhatIsToBeSeenStandsInTheNearestDirectoryThatHasRoom()
    {
        var directory = string.Join('/', Enumerable.Repeat(new string('x', 255), 15));
        var main = P($"{directory}/{new string('y', 100)}/{new string('z', 150)}");
        ConflictNames.ChooseSeen(main, "bob", _ => false).ShouldBe(P($"{directory}/{new string('z', 150)}.conflict-bob"));
    }

    [Theory]
    [InlineData("d/report.conflict-alice.docx", "d/report.docx", "d/report")]
    [InlineData("a.conflict-john.doe.txt", "a.txt", "a")]
    [InlineData("a.conflict-john.doe", "a.doe", "a")]
    [InlineData("a.conflict-work.laptop-2.txt", "a.txt", "a")]
    [InlineData("f.conflict-alice", "f")]
    [InlineData("..conflict-alice")]
    [InlineData("...conflict-alice")]
    [InlineData("d/..conflict-alice.")]
    [InlineData(".magic-folder.conflict-alice")]
    [InlineData("report.docx")]
    public void ANameLeadsToTheMainPathOnlyIfThatIsOne(string file, params string[] mains) => ConflictNames.MainsOf(P(file)).Select(main => main.ToString()).ShouldBe(mains);

    [Theory]
    [InlineData("a.txt", "john.doe")]
    [InlineData("a.tar.gz", "work.laptop")]
    [InlineData("README", "john.doe")]
    [InlineData("README", "alice")]
    public void TheNameOfAConflictFileLeadsBackToItsMain(string main, string petname) => ConflictNames.MainsOf(ConflictNames.Choose(P(main), petname, _ => false)).ShouldContain(P(main));

    private static RelativePath P(string path) => RelativePath.Parse(path);
}
