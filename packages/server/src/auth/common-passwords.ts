/** Passwords that are tried first by whoever guesses: of 8 characters or more, in lower case. */
const LIST = `
00000000 11111111 12121212 12344321 12345678 123456789 1234567890 12345678910 123123123 123321123
11223344 22222222 33333333 44444444 55555555 66666666 77777777 78945612 789456123 87654321 88888888
98765432 987654321 9876543210 99999999 147258369 159357456 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2
1qaz2wsx3edc zaq12wsx qazwsxedc qazwsx123 qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwertz123
q1w2e3r4 q1w2e3r4t5 asdfghjk asdfghjkl asdf1234 zxcvbnm1 zxcvbnm123 poiuytrewq mnbvcxz1
password password1 password12 password123 password1234 password! passw0rd p@ssw0rd p@ssword pa55word
passwort passwort1 motdepasse contrasena contraseña senha123 parola123 wachtwoord
letmein1 letmein123 welcome1 welcome123 welcome2 iloveyou iloveyou1 iloveyou2 ilovegod loveyou1
admin123 admin1234 administrator adminadmin root1234 rootroot changeme changeme1 default1 guest123
test1234 testtest testing1 testing123 temp1234 temporary secret123 secretsecret master12 mastermaster
abcd1234 abcdefgh abcdefg1 abc12345 abc123456 a1b2c3d4 aa123456 aaaaaaaa a12345678 asdasdasd
sunshine sunshine1 princess princess1 football football1 baseball baseball1 basketball superman
superman1 batman123 spiderman starwars starwars1 pokemon1 dragon123 monkey123 shadow123 michael1
jennifer jordan23 michelle charlie1 computer computer1 internet internet1 whatever whatever1
trustno1 freedom1 liverpool liverpool1 chelsea1 arsenal1 barcelona manchester1 samsung1 google123
facebook facebook1 linkedin1 microsoft mercedes corvette midnight butterfly elephant chocolate
victoria alexander benjamin elizabeth christian maverick scorpion december november september
livechat livechat1 chatchat support1 support123 customer1 customer123 service123 callcenter
`;

/** Compared with a new password, in lower case. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(LIST.trim().split(/\s+/));
