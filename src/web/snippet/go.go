package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

func main() {
	mac := hmac.New(sha256.New, []byte(os.Getenv("WEBHOOK_SECRET")))
	if _, err := io.Copy(mac, os.Stdin); err != nil {
		panic(err)
	}
	fmt.Println(hex.EncodeToString(mac.Sum(nil)))
}
